package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.apt.AptRepository;
import io.kernelfarm.artifacts.dnf.DnfRepository;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.Repository;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

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
            Optional<InstallPath> image = imageIn(one, build.release());
            if (image.isPresent()) {
                require(build, one.path(), sha256In(one.path(), image.get(), cache));
            }
        }
        Files.createDirectories(layout.publication().getParent());
        Json.write(
                layout.publication(),
                new Publication(
                        channel,
                        published.stream()
                                .map(one -> new Publication.Item(
                                        out.root().relativize(one.path()).toString(), one.sha256()))
                                .toList()));
        return Collections.unmodifiableList(published);
    }

    /** What a run has published: {@code publish/published.json}. */
    record Publication(String channel, List<Item> packages) {

        /**
         * One package in a repository.
         *
         * @param path below the folder of runs and repositories
         */
        record Item(String path, String sha256) {}

        Publication {
            packages = List.copyOf(packages);
        }
    }

    /**
     * The run's Debian package that has the kernel, as it lies in the apt repository.
     *
     * @throws FarmException wrong usage, if the run has published none; the farm's fault, if it is no longer what was
     *     published
     */
    static Path publishedDeb(RunLayout layout, OutLayout out) throws IOException {
        Publication publication;
        try {
            publication = Json.read(layout.publication(), Publication.class);
        } catch (NoSuchFileException e) {
            throw FarmException.usage(
                    "run " + layout.id() + " has published nothing; do it with './farm publish " + layout.id() + "'",
                    e);
        }
        String name = KernelPackages.debImagePackage(Build.read(layout.build()).release()) + "_";
        for (Publication.Item item : publication.packages()) {
            if (Path.of(item.path()).getFileName().toString().startsWith(name)) {
                Path deb = out.root().resolve(item.path());
                if (!Files.isRegularFile(deb) || !Sha256.of(deb).equals(item.sha256())) {
                    throw FarmException.farm(deb + " is not what run " + layout.id()
                            + " published; publish it again with './farm publish " + layout.id() + "'");
                }
                return deb;
            }
        }
        throw FarmException.usage("run " + layout.id() + " has published no linux-image; do it with './farm publish "
                + layout.id() + "'");
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

    /** Where the package has the kernel's image, if it is one that has it. */
    private static Optional<InstallPath> imageIn(PublishedPackage one, String release) {
        if (one.name().equals(KernelPackages.debImagePackage(release))) {
            return Optional.of(KernelPackages.debImage(release));
        }
        return one.name().equals(KernelPackages.RPM_IMAGE_PACKAGE)
                ? Optional.of(KernelPackages.rpmImage(release))
                : Optional.empty();
    }

    private static String sha256In(Path file, InstallPath image, CacheLayout cache) throws IOException {
        try (Scratch scratch = Scratch.in(cache)) {
            Path unpacked = scratch.folder().resolve("package");
            PackageReaders.of(file).extract(file, unpacked);
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
