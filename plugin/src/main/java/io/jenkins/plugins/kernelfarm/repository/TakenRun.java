package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.pipelines.RunLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes of a run what publishing and promoting need into the controller's own folder of runs, where it stays when the build is
 * deleted. What an agent has left is not trusted: only plain files are taken, by their names, and none that is too large.
 *
 * <pre>
 * run.json  build/build.json  build/config  source/source.json  boot/matrix.json  packages/*.deb  packages/*.rpm
 * </pre>
 */
final class TakenRun {
    private static final long MOST_OF_A_RECORD = 64L << 20;
    private static final long MOST_OF_A_PACKAGE = 8L << 30;
    private static final int MOST_PACKAGES = 200;

    private final RunLayout from;
    private final RunLayout to;

    /** @throws NotTakenException if {@code from} has not the name of a run */
    TakenRun(RunLayout from, RunLayout to) throws IOException {
        checkId(from.id());
        this.from = from;
        this.to = to;
    }

    /** @throws NotTakenException if no run is called so, in a sentence */
    static String checkId(String id) throws IOException {
        if (!isId(id)) {
            throw new NotTakenException("'" + id.replaceAll("[^ -~]", "?") + "' is no name of a run");
        }
        return id;
    }

    static boolean isId(String name) {
        return name.matches("[0-9A-Za-z][0-9A-Za-z_-]{0,99}");
    }

    /** Whether the run was taken before, and with this build. */
    boolean isKnown() throws IOException {
        return Files.exists(to.record());
    }

    /** Whether {@code file} is there the same on both sides. */
    boolean isSame(Path file) throws IOException {
        Path mine = there(file);
        checkPlain(file, MOST_OF_A_RECORD);
        return Files.exists(mine) && Files.mismatch(file, mine) < 0;
    }

    /** @throws NotTakenException if something is missing, or is not what it has to be, in a sentence */
    void take() throws IOException {
        List<Path> packages = packages();
        Path build = from.build().record();
        for (Path file : List.of(build, from.build().config(), from.source())) {
            if (file.equals(from.source()) && !Files.exists(file)) {
                continue; // Older farms did not write it.
            }
            copy(file, MOST_OF_A_RECORD);
        }
        Files.createDirectories(to.packages());
        for (Path file : packages) {
            checkPlain(file, MOST_OF_A_PACKAGE);
            Path place = there(file);
            Files.deleteIfExists(place);
            try {
                Files.createLink(place, file.toRealPath());
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(file, place); // On another file system.
            }
        }
        takeMatrix();
        // A run without a record is none: this comes last.
        copy(from.record(), MOST_OF_A_RECORD);
    }

    /** Takes the matrix, if the run has been booted. */
    void takeMatrix() throws IOException {
        if (Files.exists(from.matrix(), LinkOption.NOFOLLOW_LINKS)) {
            copy(from.matrix(), MOST_OF_A_RECORD);
        }
    }

    /** Copies what publishing wrote into the folder that the run came from. */
    void giveBack() throws IOException {
        List<Path> made = new ArrayList<>(List.of(to.publication(), to.record()));
        if (Files.isDirectory(to.provenance().root())) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(to.provenance().root())) {
                files.forEach(made::add);
            }
        }
        for (Path file : made) {
            Path place = from.root().resolve(to.root().relativize(file));
            Files.createDirectories(place.getParent());
            Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private List<Path> packages() throws IOException {
        List<Path> all = new ArrayList<>();
        if (Files.isDirectory(from.packages(), LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from.packages(), "*.{deb,rpm}")) {
                for (Path file : files) {
                    if (!file.getFileName().toString().startsWith(".")) {
                        all.add(file);
                    }
                }
            }
        }
        if (all.isEmpty() || all.size() > MOST_PACKAGES) {
            throw new NotTakenException(
                    "run " + from.id() + " has " + (all.isEmpty() ? "no" : "more than " + MOST_PACKAGES) + " packages; "
                            + (all.isEmpty() ? "make them with 'farm package'" : "it is not published"));
        }
        return all;
    }

    private Path there(Path file) {
        return to.root().resolve(from.root().relativize(file));
    }

    private void copy(Path file, long most) throws IOException {
        checkPlain(file, most);
        Path place = there(file);
        Files.createDirectories(place.getParent());
        Path part = place.resolveSibling("." + place.getFileName() + ".part");
        Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void checkPlain(Path file, long most) throws IOException {
        String name = from.root().relativize(file).toString();
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || !file.toRealPath().startsWith(from.root().toRealPath())) {
            throw new NotTakenException("run " + from.id() + " has no plain file " + name
                    + "; keep it with the build, it is needed for publishing");
        }
        if (Files.size(file) > most) {
            throw new NotTakenException(name + " of run " + from.id() + " has " + Files.size(file)
                    + " bytes, more than the " + most + " that are taken");
        }
    }

    /** What somebody left is not taken; the message is the sentence that they read. */
    static final class NotTakenException extends IOException {
        private static final long serialVersionUID = 1;

        NotTakenException(String sentence) {
            super(sentence);
        }
    }
}
