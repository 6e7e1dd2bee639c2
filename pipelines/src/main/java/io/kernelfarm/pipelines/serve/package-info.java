/** The dashboard and the repositories over HTTP. */
package io.kernelfarm.pipelines.serve;
