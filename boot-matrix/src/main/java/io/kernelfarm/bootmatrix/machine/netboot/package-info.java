/** Boot files for machines that boot from the network: what they are given, and where they find it. */
package io.kernelfarm.bootmatrix.machine.netboot;
