package io.kernelfarm.pipelines;

import io.kernelfarm.pipelines.source.Source;
import java.io.IOException;

/** Brings a kernel's source into the cache, with the patches that go on top of it. */
final class SourceStage {

    private SourceStage() {}

    /**
     * The source that a spec names.
     *
     * @throws FarmException the farm's fault if it cannot be had now, wrong usage if it is not what the spec says it is
     */
    static KernelSource run(Source source, CacheLayout cache, Progress progress) throws IOException {
        Scratch.sweep(cache); // A farm that was killed here can have left gigabytes.
        KernelSource bare = source.fetch(cache, progress);
        return source.patches() == null ? bare : source.patches().on(bare, cache, progress);
    }
}
