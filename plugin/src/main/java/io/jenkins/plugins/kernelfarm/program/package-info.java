/** The {@code farm} program that the plugin brings along. */
package io.jenkins.plugins.kernelfarm.program;
