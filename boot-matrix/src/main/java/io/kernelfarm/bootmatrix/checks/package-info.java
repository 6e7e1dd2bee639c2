/** What is asked inside a cell: each check is one class here, and one script for inside the guest; see {@link io.kernelfarm.bootmatrix.checks.Check}. */
package io.kernelfarm.bootmatrix.checks;
