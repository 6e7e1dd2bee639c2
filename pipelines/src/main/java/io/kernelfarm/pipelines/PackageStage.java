package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.kernel.KernelFiles;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the {@code .deb} and the {@code .rpm} of one build: the same image and modules in both. */
final class PackageStage {

    private static final String MAINTAINER = "Kernel Farm <kernel-farm@localhost>";

    private PackageStage() {}

    /**
     * @param into is emptied first
     * @return the packages' file names
     * @throws FarmException wrong usage, if there is no finished build
     */
    static List<String> run(BuildLayout layout, Compression compression, Path into, Progress progress)
            throws IOException {
        Build build = Build.read(layout);
        Scratch.delete(into);
        Files.createDirectories(into);
        KernelFiles files = files(build, layout);
        progress.at(0, "writing the .deb");
        Path deb = new DebWriter(compression).writeInto(KernelPackages.deb(files), into);
        progress.at(0.5, "writing the .rpm");
        Path rpm = new RpmWriter(compression).writeInto(KernelPackages.rpm(files), into);
        return List.of(deb.getFileName().toString(), rpm.getFileName().toString());
    }

    private static KernelFiles files(Build build, BuildLayout layout) {
        // A Debian version is [epoch:]upstream[-revision]; see deb-version(7).
        String version = build.sourceVersion().replaceFirst("^[0-9]+:", "");
        int hyphen = version.lastIndexOf('-');
        return new KernelFiles(
                build.release(),
                hyphen < 0 ? version : version.substring(0, hyphen),
                hyphen < 0 ? "1" : version.substring(hyphen + 1),
                Architecture.AMD64,
                layout.image(),
                layout.systemMap(),
                layout.config(),
                layout.modules(build.release()),
                build.timestamp(),
                build.source(),
                MAINTAINER);
    }
}
