/** The {@code farm} program that the plugin brings along, and how it comes to an agent. */
package io.jenkins.plugins.kernelfarm.program;
