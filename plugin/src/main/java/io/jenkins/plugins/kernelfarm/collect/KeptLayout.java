package io.jenkins.plugins.kernelfarm.collect;

import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the plugin keeps in the folder of a build, and the only code that knows its paths:
 *
 * <pre>
 * kernel-farm/RUN-ID/               the run's folder as the farm left it, without what is large
 * kernel-farm/RUN-ID/packages.json  the packages that were archived, see {@link KeptPackage}
 * kernel-farm/runs/RUN-ID/          what the dashboard derives from it: summary.json, consoles in pieces
 * </pre>
 *
 * The URLs below "Boot matrix" of the build are the same, so that the links in the dashboard's pages lead to where things are.
 *
 * @param folder {@code kernel-farm} itself
 */
public record KeptLayout(Path folder) {
    public static final String NAME = "kernel-farm";

    /**
     * The name of "Boot matrix" in the URL of a build or a job. Jenkins takes a page for open whose name ends the URL, whatever is before it,
     * so it is another one than that of the page over all jobs.
     */
    public static final String URL_NAME = "boot-matrix";

    /** How the farm names its runs; nothing else becomes the name of a folder. */
    private static final Pattern RUN_ID = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{1,12}");

    private static final DateTimeFormatter BEGINNING =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    /** What is kept with the build whose own folder is {@code build}. */
    public static KeptLayout ofBuild(Path build) {
        return new KeptLayout(build.toAbsolutePath().normalize().resolve(NAME));
    }

    /** Whether {@code name} is a run's. */
    public static boolean isRunId(String name) {
        try {
            return RUN_ID.matcher(name).matches() && began(name).isAfter(Instant.EPOCH);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** When the run began, as its name says it. */
    public static Instant began(String runId) {
        return LocalDateTime.parse(runId.substring(0, runId.indexOf('Z')), BEGINNING)
                .toInstant(ZoneOffset.UTC);
    }

    /**
     * The folder of a run.
     *
     * @throws IllegalArgumentException if {@code runId} is no name of a run
     */
    public Path run(String runId) {
        if (!isRunId(runId)) {
            throw new IllegalArgumentException("'" + runId + "' is not the name of a run");
        }
        return folder.resolve(runId);
    }

    /** Where a run's folder is on its way to or from its place; {@code which} tells it from others of the same run. */
    Path coming(String runId, String which) {
        return folder.resolve("." + run(runId).getFileName() + "." + which);
    }

    /** Names in Jenkins' archive of the consoles' logs, and where these are in the run's folder. */
    Map<String, String> consoles(String runId) throws IOException {
        Map<String, String> consoles = new TreeMap<>();
        Path all = boot(runId).resolve("consoles");
        if (Files.isDirectory(all)) {
            try (Stream<Path> files = Files.walk(all)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String path = boot(runId).relativize(file).toString();
                    consoles.put(archived(runId, path), "boot/" + path);
                }
            }
        }
        return consoles;
    }

    public Path record(String runId) {
        return run(runId).resolve("run.json");
    }

    public Path boot(String runId) {
        return run(runId).resolve("boot");
    }

    public Path matrix(String runId) {
        return boot(runId).resolve(MatrixJson.FILE_NAME);
    }

    /** The name of the packages' list in a run's folder. */
    static final String PACKAGES = "packages.json";

    public Path packageList(String runId) {
        return run(runId).resolve(PACKAGES);
    }

    /** Where a package would lie; it lies in Jenkins' archive, and only links lead here. */
    public Path packageFile(String runId, String name) {
        return run(runId).resolve("packages").resolve(name);
    }

    /** What the dashboard has of these runs. */
    public DashboardLayout dashboard() {
        return new DashboardLayout(folder);
    }

    /** The folder that has one more for each run. */
    public Path summaries() {
        return folder.resolve("runs");
    }

    /** The name of a package, or of a console's log, in Jenkins' archive. */
    public static String archived(String runId, String file) {
        return NAME + "/" + runId + "/" + file;
    }
}
