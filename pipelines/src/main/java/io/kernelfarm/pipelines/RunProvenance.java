package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.provenance.PackageUrl;
import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.artifacts.provenance.ProvenanceFiles;
import io.kernelfarm.artifacts.provenance.ProvenanceLayout;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a run's packages come from: written into the run's folder, and published beside the repositories. */
final class RunProvenance {

    /** The identity of a package of Debian's. */
    private static final Pattern DEBIAN = Pattern.compile("debian:([^=+]+)=(.+)");

    private RunProvenance() {}

    /** Keeps with the run where its source comes from. */
    static void writeOrigin(Provenance.Source origin, RunLayout run) throws IOException {
        Files.createDirectories(run.source().getParent());
        Json.write(run.source(), origin);
    }

    /** What is known of the source of a build of which nobody kept where it comes from: a package of Debian's, or its name. */
    static Provenance.Source origin(Build build) {
        Matcher debian = DEBIAN.matcher(build.source());
        return debian.matches()
                ? Provenance.Source.debian(debian.group(1), debian.group(2), "")
                : new Provenance.Source(
                        "linux",
                        build.sourceVersion(),
                        PackageUrl.generic("linux", build.sourceVersion()),
                        new TreeMap<>(),
                        List.of());
    }

    private static Provenance.Source origin(RunLayout run, Build build) throws IOException {
        try {
            return Json.read(run.source(), Provenance.Source.class);
        } catch (NoSuchFileException e) {
            return origin(build); // An older farm fetched it.
        }
    }

    static void write(
            RunLayout layout,
            RunRecord run,
            Build build,
            List<PublishedPackage> published,
            SigningKey key,
            OutLayout out)
            throws IOException {
        ProvenanceFiles.write(provenance(layout, run, build, published), key, layout.provenance());
        publish(layout.provenance(), out.provenance(run.id()));
        AtomicFile.replace(out.publicKeyPem(), key.publicKeyPem());
    }

    private static Provenance provenance(RunLayout layout, RunRecord run, Build build, List<PublishedPackage> published)
            throws IOException {
        return new Provenance(
                run.id(),
                run.started(),
                Instant.now(),
                FarmVersion.get(),
                Json.tree(run.spec()),
                origin(layout, build),
                new Provenance.Kernel(
                        build.release(),
                        build.release().replaceFirst("-.*", ""),
                        build.imageSha256(),
                        Sha256.of(layout.build().config()),
                        build.inputs(),
                        Stream.of(
                                        new Provenance.Tool("gcc", build.compiler()),
                                        new Provenance.Tool("ld", build.linker()))
                                .filter(tool -> !tool.says().isEmpty())
                                .toList()),
                published);
    }

    /**
     * Copies {@code from}, whole, to {@code place}. A reader of a run that is published again sees the old folder, none for a
     * moment, or the new one, and never some files of each.
     */
    private static void publish(ProvenanceLayout from, ProvenanceLayout place) throws IOException {
        Path shelf = place.root().getParent();
        Files.createDirectories(shelf);
        String name = place.root().getFileName() + "." + ProcessHandle.current().pid();
        Path made = shelf.resolve("." + name + ".new");
        Path old = shelf.resolve("." + name + ".old");
        FileTrees.delete(made);
        FileTrees.delete(old);
        Files.createDirectory(made);
        ProvenanceLayout copy = new ProvenanceLayout(made);
        Files.copy(from.sbom(), copy.sbom());
        Files.copy(from.sbomSignature(), copy.sbomSignature());
        Files.copy(from.statement(), copy.statement());
        if (Files.exists(place.root())) {
            Files.move(place.root(), old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(made, place.root(), StandardCopyOption.ATOMIC_MOVE);
        FileTrees.delete(old);
    }
}
