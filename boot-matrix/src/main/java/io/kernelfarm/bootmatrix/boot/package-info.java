/** One boot as it is watched: states, time-outs, what a console says, and how it ended. */
package io.kernelfarm.bootmatrix.boot;
