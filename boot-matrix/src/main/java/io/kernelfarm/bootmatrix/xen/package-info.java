/** Xen hosts: dom0, its toolstack, guests and their disks. */
package io.kernelfarm.bootmatrix.xen;
