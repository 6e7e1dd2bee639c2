/** The dashboard: pages over all runs, plain files that work from a disk, from any web server and inside Jenkins. */
package io.kernelfarm.bootmatrix.dashboard;
