/**
 * The boot matrix: which cells there are, how each is booted, and what may be said of it afterwards. A reader enters at
 * {@code MatrixRunner.run}.
 */
package io.kernelfarm.bootmatrix;
