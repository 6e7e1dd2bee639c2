/** Merges, resolves, explains and gates kernel configurations. A reader enters at {@code ConfigResolver.resolve}. */
package io.kernelfarm.configs;
