/** Where a kernel's build runs: on this host, or in a container. */
package io.kernelfarm.pipelines.builder;
