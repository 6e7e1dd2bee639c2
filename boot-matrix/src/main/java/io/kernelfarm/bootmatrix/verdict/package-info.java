/** What may be said of a boot that was watched: the checks, and the verdict of one attempt. */
package io.kernelfarm.bootmatrix.verdict;
