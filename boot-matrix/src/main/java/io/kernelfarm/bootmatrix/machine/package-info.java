/** Hardware: power, console and boot files. One file per kind of machine. */
package io.kernelfarm.bootmatrix.machine;
