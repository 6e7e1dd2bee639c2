/** Which machine boots which cells, and in which order; nothing here turns a machine on. */
package io.kernelfarm.bootmatrix.plan;
