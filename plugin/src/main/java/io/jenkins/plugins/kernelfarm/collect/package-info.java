/**
 * What is kept with a build. A run's folder is read from the agent, which is not trusted: what comes from there is named, counted and
 * measured before it is taken.
 */
package io.jenkins.plugins.kernelfarm.collect;
