/** Debian packages: deb(5), deb-control(5). */
package io.kernelfarm.artifacts.deb;
