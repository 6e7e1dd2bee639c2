package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Path;

/** A build of the farm as a program of its own, for {@link BuildBench}: Java's start belongs to what a build costs. */
final class BuildJob {

    private BuildJob() {}

    /** Builds: {@code SPEC CACHE OUT}, the first a spec as JSON. */
    public static void main(String... words) throws IOException {
        FarmRun.Places places = new FarmRun.Places(
                new OutLayout(Path.of(words[2])), new CacheLayout(Path.of(words[1])), KeyPlace.standard());
        try {
            FarmRun.build(Json.read(Path.of(words[0]), Spec.class), places, event -> {});
        } catch (FarmException e) {
            System.err.println(e.getMessage());
            System.exit(e.blame().exitCode());
        }
    }
}
