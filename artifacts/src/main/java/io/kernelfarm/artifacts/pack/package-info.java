/** Putting packages together: sources that hold still, and compression that takes all processors. */
package io.kernelfarm.artifacts.pack;
