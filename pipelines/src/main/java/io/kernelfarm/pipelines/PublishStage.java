package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Publishes a run's packages with their provenance, and reads them back to see that what ships is what was built. */
final class PublishStage {

    private PublishStage() {}

    /**
     * A run that comes from elsewhere may lack its image; what its packages have is what counts then.
     *
     * @return the channel
     * @throws FarmException wrong usage, if the run has no packages; the farm's fault, if a published package's image is
     *     not the one that was built
     */
    static String run(RunLayout layout, RunRecord run, Terms terms, FarmRun.Places places, Progress progress)
            throws IOException {
        if (!run.id().equals(layout.id())) {
            throw FarmException.usage(layout.record() + " is the record of run '" + run.id()
                    + "'; a run is published from a folder of its own name");
        }
        Build build = Build.read(layout.build());
        List<Path> debs = files(layout.packages(), "*.deb");
        List<Path> rpms = files(layout.packages(), "*.rpm");
        SigningKey key = places.key().key(progress);
        OutLayout out = places.out();
        Spec spec = terms.over(run.spec());
        Repositories repositories = Repositories.of(out, key, spec);
        String channel = spec.channel();
        List<PublishedPackage> published = repositories.publish(debs, rpms, channel);
        repositories.describe(channel);
        progress.at(-1, "reading the published packages back");
        Path image = layout.build().image();
        if (Files.exists(image)) {
            require(build, image, Sha256.of(image));
        }
        for (PublishedPackage one : published) {
            if (PackagedImage.isIn(one.name(), build.release())) {
                require(build, one.path(), PackagedImage.sha256(one.path(), build.release(), places.cache()));
            }
        }
        RunProvenance.write(layout, run, build, published, key, out);
        Files.createDirectories(layout.publication().getParent());
        Json.write(
                layout.publication(),
                new Publication(
                        channel,
                        published.stream()
                                .map(one -> new Publication.Item(
                                        out.root().relativize(one.path()).toString(), one.sha256()))
                                .toList()));
        repositories.retain(channel, spec);
        repositories.renew();
        return channel;
    }

    private static List<Path> files(Path packages, String glob) throws IOException {
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
        return files;
    }

    private static void require(Build build, Path place, String sha256) {
        if (!sha256.equals(build.imageSha256())) {
            throw FarmException.farm("the image in " + place + " (SHA-256 " + sha256
                    + ") is not the one that was built (" + build.imageSha256() + "); nothing of this run may be used");
        }
    }
}
