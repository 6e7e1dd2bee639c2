/** What is kept with a build. */
package io.jenkins.plugins.kernelfarm.collect;
