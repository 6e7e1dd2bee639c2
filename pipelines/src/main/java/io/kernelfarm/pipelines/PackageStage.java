package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.SideBySide;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.kernel.KernelFiles;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes all packages of one build, for either family: the same image and modules in both. */
final class PackageStage {

    private static final String WRITING = "writing packages";

    private PackageStage() {}

    /**
     * @param into is replaced when all are written
     * @return the packages' file names
     * @throws FarmException wrong usage, if there is no finished build
     */
    static List<String> run(BuildLayout layout, Spec.Packages settings, Path into, Progress progress)
            throws IOException {
        Build build = Build.read(layout);
        KernelFiles files = files(build, layout, settings);
        PackageWriter deb = new DebWriter(settings.settings());
        PackageWriter rpm = new RpmWriter(settings.settings());
        if (files.headers().isEmpty()) {
            progress.note("no headers are packaged: the programs among them would run on this machine's kind alone, and"
                    + " the kernel is for " + build.arch());
        }
        progress.at(0, WRITING);
        List<Job> packages = SideBySide.map(
                        List.of(deb, rpm),
                        writer -> (writer == deb ? KernelPackages.debs(files) : KernelPackages.rpms(files))
                                .stream().map(spec -> new Job(writer, spec)).toList())
                .stream()
                .flatMap(List::stream)
                .toList();
        Path part = into.resolveSibling(into.getFileName() + ".part");
        FileTrees.delete(part);
        try {
            Files.createDirectories(part);
            AtomicInteger done = new AtomicInteger();
            List<String> names = SideBySide.map(packages, one -> {
                Path written = one.writer().writeInto(one.spec(), part);
                progress.at((double) done.incrementAndGet() / packages.size(), WRITING);
                return written.getFileName().toString();
            });
            FileTrees.delete(into);
            Files.move(part, into);
            return names;
        } finally {
            FileTrees.delete(part);
        }
    }

    private record Job(PackageWriter writer, PackageSpec spec) {}

    private static KernelFiles files(Build build, BuildLayout layout, Spec.Packages settings) {
        // A Debian version is [epoch:]upstream[-revision]; see deb-version(7).
        String version = build.sourceVersion().replaceFirst("^[0-9]+:", "");
        int hyphen = version.lastIndexOf('-');
        String revision = hyphen < 0 ? "1" : version.substring(hyphen + 1);
        return new KernelFiles(
                build.release(),
                hyphen < 0 ? version : version.substring(0, hyphen),
                settings.revision() == null ? revision : settings.revision(),
                Target.of(build.arch()).architecture(),
                layout.image(),
                layout.systemMap(),
                layout.config(),
                layout.modules(build.release()),
                Optional.of(layout.headers()).filter(Files::isDirectory),
                Optional.of(layout.debug()).filter(Files::isDirectory),
                build.timestamp(),
                build.source(),
                settings.maintainer());
    }
}
