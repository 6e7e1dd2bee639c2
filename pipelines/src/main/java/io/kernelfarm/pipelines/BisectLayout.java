package io.kernelfarm.pipelines;

import java.nio.file.Path;

/**
 * The paths in one bisection's folder. Nothing else knows them.
 *
 * <pre>
 * bisect.json    all that is known, see {@link BisectRecord}
 * steps.jsonl    the tests, as they come, see {@link BisectJournal}
 * bisect.log     the same for {@code git bisect replay}; of a git tree only
 * steps/NUMBER/  what a test left: config/, build/ and boot/ as in a run, see {@link RunLayout}
 * </pre>
 */
public record BisectLayout(Path root) {

    public BisectLayout {
        root = root.toAbsolutePath().normalize();
    }

    public String id() {
        return root.getFileName().toString();
    }

    public Path record() {
        return root.resolve("bisect.json");
    }

    Path journal() {
        return root.resolve("steps.jsonl");
    }

    /** What {@code git bisect replay} takes. */
    public Path log() {
        return root.resolve("bisect.log");
    }

    RunLayout step(int number) {
        return new RunLayout(root.resolve("steps").resolve(Integer.toString(number)));
    }
}
