package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.configs.Profile;
import io.kernelfarm.pipelines.builder.Builder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * Builds a run's kernel once more, in other folders, later, and with nothing remembered of the first time, packages both, and looks for the
 * first bit that differs.
 */
final class ReproduceStage {

    /** What says when it was built and how long it took. */
    private static final Set<String> ABOUT_THE_BUILD = Set.of("build.json", "build.log.gz");

    private ReproduceStage() {}

    /**
     * Does it.
     *
     * @param builder that builds the second time
     * @return one sentence on what was compared
     * @throws FarmException the kernel's fault, naming the first file that differs and how; both are kept in the run's folder
     */
    static String run(
            KernelSource source,
            Spec spec,
            Profile profile,
            Builder builder,
            CacheLayout cache,
            RunLayout run,
            Progress progress)
            throws IOException {
        FileTrees.delete(run.reproduce());
        try (Scratch scratch = Scratch.in(cache)) {
            Path folder = scratch.folder();
            CacheLayout elsewhere = new CacheLayout(folder.resolve("another/place"));
            KernelSource moved =
                    source.linkedAt(elsewhere.sources().resolve("moved").resolve("of-another-name"));
            RunLayout second = new RunLayout(folder.resolve("second"));
            ConfigureStage.run(moved, spec.arch(), profile, spec.options(), builder, elsewhere, second, progress);
            new CompileStage(moved, second.dotConfig(), spec, builder, elsewhere, new Estimates(cache), progress)
                    .run(second.build());
            SameBits builds =
                    SameBits.compare(run.build().root(), second.build().root(), ABOUT_THE_BUILD);
            refuse(builds, run.build().root(), second.build().root(), run);

            Path ours = folder.resolve("packages");
            PackageStage.run(run.build(), spec.packages(), ours, progress);
            PackageStage.run(second.build(), spec.packages(), second.packages(), progress);
            SameBits packages = SameBits.compare(ours, second.packages(), Set.of());
            refuse(packages, ours, second.packages(), run);
            return "the same to the bit in two builds, the second one by " + builder.description()
                    + ", in other folders: image, modules and all else of the build (" + builds.files()
                    + " files), and "
                    + packages.files() + " packages";
        }
    }

    private static void refuse(SameBits compared, Path first, Path second, RunLayout run) throws IOException {
        if (compared.difference().isEmpty()) {
            return;
        }
        SameBits.Difference difference = compared.difference().get();
        keep(first.resolve(difference.file()), run.reproduce().resolve("first"));
        keep(second.resolve(difference.file()), run.reproduce().resolve("second"));
        throw FarmException.kernel("two builds of the same inputs differ: " + difference.file() + " " + difference.how()
                + "; both are kept in " + run.reproduce() + ", for a look with diffoscope");
    }

    private static void keep(Path file, Path folder) throws IOException {
        if (Files.isRegularFile(file)) {
            Files.createDirectories(folder);
            Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
