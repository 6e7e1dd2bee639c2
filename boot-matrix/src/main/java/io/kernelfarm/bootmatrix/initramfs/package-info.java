/** The initramfs that every cell boots. */
package io.kernelfarm.bootmatrix.initramfs;
