/**
 * DEB and RPM packages and their repositories. A reader enters at {@link io.kernelfarm.artifacts.KernelPackages}, which makes
 * a {@link io.kernelfarm.artifacts.PackageSpec} of a build for each family; a {@link io.kernelfarm.artifacts.PackageWriter}
 * writes it, a {@link io.kernelfarm.artifacts.Repository} publishes it, and a {@link io.kernelfarm.artifacts.PackageReader}
 * takes it apart again.
 */
package io.kernelfarm.artifacts;
