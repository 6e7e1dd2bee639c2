package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.AptRepository;
import io.kernelfarm.artifacts.DnfRepository;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.KernelPackages;
import io.kernelfarm.artifacts.PackageReader;
import io.kernelfarm.artifacts.PublishedPackage;
import io.kernelfarm.artifacts.Repository;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Publishes a run's packages, and reads them back to see that what ships is what was built. */
final class PublishStage {

    private PublishStage() {}

    /**
     * @throws FarmException wrong usage, if the run has no packages; the farm's fault, if a published package's image is
     *     not the one that was built
     */
    static List<PublishedPackage> run(
            RunLayout layout, String channel, OutLayout out, CacheLayout cache, Progress progress) throws IOException {
        Build build = Build.read(layout.build());
        List<PublishedPackage> published = new ArrayList<>();
        published.addAll(publish(new AptRepository(out.aptRepository()), layout.packages(), "*.deb", channel));
        published.addAll(publish(new DnfRepository(out.dnfRepository()), layout.packages(), "*.rpm", channel));
        progress.at(-1, "reading the published packages back");
        require(build, layout.build().image(), Sha256.of(layout.build().image()));
        for (PublishedPackage one : published) {
            require(build, one.path(), imageSha256(one.path(), build.release(), cache));
        }
        return Collections.unmodifiableList(published);
    }

    private static List<PublishedPackage> publish(Repository repository, Path packages, String glob, String channel)
            throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(packages)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(packages, glob)) {
                found.forEach(files::add);
            }
        }
        if (files.isEmpty()) {
            throw FarmException.usage("there is no " + glob + " in " + packages + "; make it with './farm package'");
        }
        Collections.sort(files);
        return repository.publish(files, channel);
    }

    private static String imageSha256(Path file, String release, CacheLayout cache) throws IOException {
        InstallPath image = file.getFileName().toString().endsWith(".deb")
                ? KernelPackages.debImage(release)
                : KernelPackages.rpmImage(release);
        try (Scratch scratch = Scratch.in(cache)) {
            Path unpacked = scratch.folder().resolve("package");
            PackageReader.of(file).extract(file, unpacked);
            return Sha256.of(unpacked.resolve(image.relative()));
        }
    }

    private static void require(Build build, Path place, String sha256) {
        if (!sha256.equals(build.imageSha256())) {
            throw FarmException.farm("the image in " + place + " (SHA-256 " + sha256
                    + ") is not the one that was built (" + build.imageSha256() + "); nothing of this run may be used");
        }
    }
}
