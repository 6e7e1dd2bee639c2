/** The packages of one kernel, in the conventions of each family. */
package io.kernelfarm.artifacts.kernel;
