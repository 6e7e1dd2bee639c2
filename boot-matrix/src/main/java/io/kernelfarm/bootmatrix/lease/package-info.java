/** Who has which machine of this host, which ones are set aside, and when one is to be looked at. Files that all farms share. */
package io.kernelfarm.bootmatrix.lease;
