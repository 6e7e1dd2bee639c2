/** Bare machines by way of their baseboard management controllers (BMC): power, boot device and console over IPMI 2.0. */
package io.kernelfarm.bootmatrix.machine.ipmi;
