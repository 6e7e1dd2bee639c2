/**
 * What people and programs see of runs under builds and jobs: the dashboard's pages in Jenkins' frame, summaries, badges, a column, and the
 * remote API. Results are read when somebody looks, and never while Jenkins loads a build.
 */
package io.jenkins.plugins.kernelfarm.pages;
