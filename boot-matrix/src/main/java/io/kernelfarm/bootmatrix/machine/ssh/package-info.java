/** Standing Xen hosts: reached by SSH, given guests to run with their own toolstack, and left as they were. */
package io.kernelfarm.bootmatrix.machine.ssh;
