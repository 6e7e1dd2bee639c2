/**
 * Kernel Farm's Jenkins plugin. It holds no logic of its own: it starts the {@code farm} program on the agent and
 * shows what the program left. No code of the farm runs inside the Jenkins controller.
 */
package io.jenkins.plugins.kernelfarm;
