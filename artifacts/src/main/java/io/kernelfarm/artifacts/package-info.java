/** DEB and RPM packages and their repositories. A reader enters at {@code PackageWriter.write} and {@code Repository.publish}. */
package io.kernelfarm.artifacts;
