/** apt repositories, as Debian describes their format. */
package io.kernelfarm.artifacts.apt;
