/** Where a kernel's source comes from: one file for each kind, and the patches that go on top of any. */
package io.kernelfarm.pipelines.source;
