package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.kernel.KernelFiles;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes all packages of one build, for either family: the same image and modules in both. */
final class PackageStage {

    private PackageStage() {}

    /**
     * @param into is emptied first
     * @return the packages' file names
     * @throws FarmException wrong usage, if there is no finished build
     */
    static List<String> run(BuildLayout layout, Spec.Packages settings, Path into, Progress progress)
            throws IOException {
        Build build = Build.read(layout);
        FileTrees.delete(into);
        Files.createDirectories(into);
        KernelFiles files = files(build, layout, settings);
        List<PackageSpec> debs = KernelPackages.debs(files);
        List<PackageSpec> rpms = KernelPackages.rpms(files);
        List<String> names = new ArrayList<>();
        for (PackageSpec spec : debs) {
            names.add(write(
                    new DebWriter(settings.settings()), spec, into, names.size(), debs.size() + rpms.size(), progress));
        }
        for (PackageSpec spec : rpms) {
            names.add(write(
                    new RpmWriter(settings.settings()), spec, into, names.size(), debs.size() + rpms.size(), progress));
        }
        return names;
    }

    private static String write(PackageWriter writer, PackageSpec spec, Path into, int done, int all, Progress progress)
            throws IOException {
        progress.at((double) done / all, "writing " + writer.fileName(spec));
        return writer.writeInto(spec, into).getFileName().toString();
    }

    private static KernelFiles files(Build build, BuildLayout layout, Spec.Packages settings) {
        // A Debian version is [epoch:]upstream[-revision]; see deb-version(7).
        String version = build.sourceVersion().replaceFirst("^[0-9]+:", "");
        int hyphen = version.lastIndexOf('-');
        String revision = hyphen < 0 ? "1" : version.substring(hyphen + 1);
        return new KernelFiles(
                build.release(),
                hyphen < 0 ? version : version.substring(0, hyphen),
                settings.revision() == null ? revision : settings.revision(),
                Architecture.AMD64,
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
