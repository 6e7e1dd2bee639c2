/** RPM packages, version 4 of the format: headers, relations, payload. */
package io.kernelfarm.artifacts.rpm;
