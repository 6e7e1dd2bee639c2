/** The farm's repositories on the controller: the page over all kernels, promotion, and what apt and dnf ask for. */
package io.jenkins.plugins.kernelfarm.repository;
