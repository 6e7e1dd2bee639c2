/** A machine that boots nothing and plays what a kernel would say, for rehearsals of whatever comes after a boot. */
package io.kernelfarm.bootmatrix.machine.fake;
