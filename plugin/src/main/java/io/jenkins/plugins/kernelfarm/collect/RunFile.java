package io.jenkins.plugins.kernelfarm.collect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A kind of file that is kept of a run, and how much of it.
 *
 * @param path what its path in the run's folder looks like
 * @param limit bytes that one has at most
 * @param cut whether a longer one is cut; else it is left out
 */
record RunFile(Pattern path, long limit, boolean cut) {
    private static final long MIB = 1 << 20;

    /** A part of a path: no leading dot, nothing that means something to a shell, a browser or a file system. */
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9._+~=,@-]{0,199}";

    /** Where such files are, and packages; what else a run has is large, or belongs to the build on the agent. */
    static final List<String> PLACES =
            List.of("run.json", "build/build.json", "source", "config", "publish", "provenance", "boot", "packages");

    static final List<RunFile> KEPT = List.of(
            kept("run\\.json", 4 * MIB),
            kept("build/build\\.json", MIB),
            kept("source/source\\.json", MIB),
            kept("config/(config|origins\\.json)", 16 * MIB),
            kept("publish/published\\.json", MIB),
            kept("provenance/(provenance\\.intoto\\.jsonl|sbom\\.cdx\\.json(\\.asc)?)", 16 * MIB),
            kept("boot/(matrix|kcidb)\\.json", 32 * MIB),
            new RunFile(Pattern.compile("boot/(consoles|health)/(" + NAME + "/)?" + NAME), 64 * MIB, true));

    private static final Pattern PACKAGE = Pattern.compile("packages/" + NAME + "\\.(deb|rpm)");

    private static RunFile kept(String path, long limit) {
        return new RunFile(Pattern.compile(path), limit, false);
    }

    /** The kind of the file called {@code path}, if such files are kept. */
    static Optional<RunFile> of(String path) {
        return KEPT.stream().filter(kind -> kind.path().matcher(path).matches()).findFirst();
    }

    static boolean isPackage(String path) {
        return PACKAGE.matcher(path).matches();
    }

    static boolean isConsole(String path) {
        return path.startsWith("boot/consoles/");
    }
}
