package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that the dashboard shows of one run.
 *
 * @param id the run's name, which becomes the name of its folder in the dashboard
 * @param boot the folder of {@code matrix.json}, which console paths are relative to
 * @param started when the run began
 * @param matrix what became of the boot matrix; empty for a run that ended before it or has not reached it yet
 * @param note one sentence on why there is no matrix; empty when there is one, or when the run has not come that far
 * @param packages the packages that the run made
 * @param install how to install them, a snippet for each package manager
 * @param stages the stages that ran, in their order
 * @param provenance where the packages come from, if they were published
 * @param channels the channels that have the packages, the one that every build goes to first
 * @param promotions what was decided on the run, the oldest first
 * @param build what was compiled, if the run came that far
 */
public record DashboardRun(
        String id,
        Path boot,
        Instant started,
        Optional<MatrixResult> matrix,
        String note,
        List<PackageFile> packages,
        List<Snippet> install,
        List<StageTime> stages,
        Optional<Provenance> provenance,
        List<String> channels,
        List<Promotion> promotions,
        Optional<Build> build) {

    public DashboardRun {
        packages = List.copyOf(packages);
        install = List.copyOf(install);
        stages = List.copyOf(stages);
        channels = List.copyOf(channels);
        promotions = List.copyOf(promotions);
    }

    /** Why there is no matrix, as a sentence. */
    String standing() {
        return note.isEmpty() ? "This run has not reached the boot matrix." : note;
    }

    /**
     * A package to download.
     *
     * @param file where it is; pages link to it by the way that leads there from the dashboard
     * @param size in bytes
     * @param sha256 lower-case hexadecimal
     * @param signature what vouches for it; empty for a package that no channel has
     */
    public record PackageFile(Path file, long size, String sha256, Optional<Signature> signature) {}

    /**
     * What vouches for a package.
     *
     * @param where the signature is, in a few words
     * @param file that it is in, which may be the package itself
     * @param key the public key that it is checked with
     */
    public record Signature(String where, Path file, Path key) {}

    /**
     * Text to copy into a shell.
     *
     * @param title whom it is for, for example {@code Debian, Ubuntu (apt)}
     */
    public record Snippet(String title, String text) {}

    /** How long a stage took, in seconds. */
    public record StageTime(String stage, double seconds) {}

    /**
     * What the signed statement says.
     *
     * @param source name of the source
     * @param sourceSha256 empty if it is not known
     * @param configurationSha256 of the resolved configuration
     * @param builder name and version of the program
     * @param fingerprint of the key that signed it
     * @param files the statement, the list of parts, and their signatures; pages link to them
     */
    public record Provenance(
            String source,
            String sourceSha256,
            String configurationSha256,
            String builder,
            String fingerprint,
            List<Path> files) {
        public Provenance {
            files = List.copyOf(files);
        }
    }

    /**
     * One decision on a run.
     *
     * @param what in a few words, for example {@code promoted to stable}
     * @param by who decided
     * @param evidence what it was decided on, in a few words
     * @param matrixSha256 of the matrix.json that it was decided on
     */
    public record Promotion(Instant at, String what, String by, String evidence, String matrixSha256) {}

    /**
     * A finished build.
     *
     * @param release as {@code uname -r} prints it
     * @param source for example {@code debian:linux-source-6.1=6.1.192-2}
     * @param profile that its configuration was made from
     * @param seconds that compiling took when it was compiled, which may have been in an earlier run
     * @param cacheHits files whose compiler result was remembered from another build
     * @param cacheMisses files that were compiled; 0 of both if nobody counted
     * @param config the resolved configuration; pages link to it
     * @param options what is in it
     */
    public record Build(
            String release,
            String source,
            String profile,
            String compiler,
            String linker,
            double seconds,
            int cacheHits,
            int cacheMisses,
            Path config,
            Options options) {}

    /** The options of a configuration, read when a page is written that shows them. */
    public interface Options {

        /** All that are set, and all that somebody asked for, by their names. */
        List<Option> read() throws IOException;
    }

    /**
     * One option of a configuration.
     *
     * @param name without {@code CONFIG_}
     * @param value as in a {@code .config} file; {@code n} if it is not set
     * @param why in a few words, who asked for it; empty if nobody did
     */
    public record Option(String name, String value, String why) {}
}
