/**
 * What a package is, for both families: a {@link io.kernelfarm.artifacts.PackageSpec} that a
 * {@link io.kernelfarm.artifacts.PackageWriter} writes and a {@link io.kernelfarm.artifacts.PackageReader} takes apart again.
 *
 * <p>The rooms: {@code deb} and {@code rpm} know one format each, {@code kernel} makes specs of a build, {@code repository}
 * holds what {@code apt} and {@code dnf} repositories share, {@code unpack} what readers share.
 */
package io.kernelfarm.artifacts;
