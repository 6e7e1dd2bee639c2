/** How a job runs the {@code farm} program: a step of a Pipeline, a build step of a freestyle job, and what the two have in common. */
package io.jenkins.plugins.kernelfarm.step;
