/** Taking packages of strangers apart: bounded streams, and unpacking that stays inside its root. */
package io.kernelfarm.artifacts.unpack;
