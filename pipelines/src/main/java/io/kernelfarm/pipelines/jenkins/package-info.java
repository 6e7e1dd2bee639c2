/**
 * A Jenkins of one's own on this machine: started from a distribution, with the plugin in it, and stopped again. It serves
 * {@code ./farm jenkins}, its benchmark and the plugin's tests, and speaks to Jenkins by HTTP alone.
 */
package io.kernelfarm.pipelines.jenkins;
