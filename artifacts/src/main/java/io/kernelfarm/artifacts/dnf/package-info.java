/** dnf repositories: packages and their repodata. */
package io.kernelfarm.artifacts.dnf;
