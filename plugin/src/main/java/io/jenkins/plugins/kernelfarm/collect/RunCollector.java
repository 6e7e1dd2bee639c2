package io.jenkins.plugins.kernelfarm.collect;

import hudson.model.TaskListener;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Brings a run's folder from an agent into the folder of a build. */
final class RunCollector {
    /** Files of one run; a matrix of a thousand cells has fewer. */
    static final int FILES = 5_000;

    /** Bytes that are kept of one run. */
    static final long BYTES = 1L << 30;

    /** Two branches of a build may bring the same run at once. */
    private static final Object PLACING = new Object();

    private final KeptLayout layout;
    private final Workspace workspace;
    private final TaskListener log;

    RunCollector(KeptLayout layout, Workspace workspace, TaskListener log) {
        this.layout = layout;
        this.workspace = workspace;
        this.log = log;
    }

    /**
     * A run that has come.
     *
     * @param run as it is kept now, with what came earlier
     * @param matrix what came now; empty if the run came not as far
     * @param packages that lie on the agent
     */
    record Collected(String id, KeptRun run, Optional<MatrixResult> matrix, List<KeptPackage> packages) {}

    /**
     * Collects the run in {@code folder}.
     *
     * @param folder relative to the workspace
     * @throws IOException in one sentence, if it is none or breaks a limit
     */
    Collected collect(String folder) throws IOException, InterruptedException {
        List<AgentFile> files = workspace.ask(new AgentListing(folder, RunFile.PLACES, FILES + 1));
        if (files.size() > FILES) {
            throw new IOException(folder + " has more than " + FILES + " files where a run has its results");
        }
        String id = folder.substring(folder.lastIndexOf('/') + 1);
        if (!KeptLayout.isRunId(id)) {
            throw new IOException("'" + id + "' is not the name of a run such as 20260131T120000Z-3fa9c1");
        }
        Path coming = layout.coming(id, UUID.randomUUID().toString());
        try {
            copy(folder, files, coming);
            List<KeptPackage> packages = packages(folder, files);
            KeptPackage.write(coming.resolve(KeptLayout.PACKAGES), packages);
            KeptRun run = new KeptRun(layout, id, coming);
            run.started();
            Optional<MatrixResult> matrix = run.matrix();
            place(id, coming, matrix);
            return new Collected(id, new KeptRun(layout, id), matrix, packages);
        } finally {
            FileTrees.delete(coming);
        }
    }

    private void copy(String folder, List<AgentFile> files, Path to) throws IOException, InterruptedException {
        long all = 0;
        for (AgentFile file : files) {
            Optional<RunFile> kind = RunFile.of(file.path());
            if (kind.isEmpty()) {
                continue;
            }
            long length = file.size();
            if (length > kind.get().limit()) {
                if (!kind.get().cut()) {
                    throw new IOException(folder + "/" + file.path() + " has " + length + " bytes, and at most "
                            + kind.get().limit() + " are kept");
                }
                length = kind.get().limit();
                log.getLogger()
                        .println("Kernel Farm: " + folder + "/" + file.path() + " has " + file.size()
                                + " bytes; only the first " + length + " are kept");
            }
            all += length;
            if (all > BYTES) {
                throw new IOException(folder + " has more than " + BYTES + " bytes of results");
            }
            copy(folder + "/" + file.path(), length, to.resolve(file.path()));
        }
        if (!Files.isRegularFile(to.resolve("run.json"))) {
            throw new IOException(folder + " has no run.json");
        }
    }

    /** Copies the first {@code length} bytes of a file in the workspace. An agent that sends more than it was asked for is not listened to. */
    void copy(String file, long length, Path to) throws IOException, InterruptedException {
        Files.createDirectories(to.getParent());
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            long at = 0;
            while (at < length) {
                int wanted = (int) Math.min(AgentRead.PIECE, length - at);
                byte[] piece = workspace.ask(new AgentRead(file, at, wanted));
                if (piece.length > wanted) {
                    throw new IOException("the agent sent more of " + file + " than it was asked for");
                }
                if (piece.length == 0) {
                    break;
                }
                out.write(piece);
                at += piece.length;
            }
        }
    }

    private List<KeptPackage> packages(String folder, List<AgentFile> files) throws IOException, InterruptedException {
        List<KeptPackage> packages = new ArrayList<>();
        for (AgentFile file : files) {
            if (RunFile.isPackage(file.path())) {
                String sha256 = workspace.ask(new AgentDigest(folder + "/" + file.path()));
                if (!sha256.matches("[0-9a-f]{64}")) {
                    throw new IOException("the agent sent no SHA-256 of " + file.path());
                }
                packages.add(new KeptPackage(file.path().substring("packages/".length()), file.size(), sha256));
            }
        }
        return packages;
    }

    /** Moves a run to its place; what came of it earlier, from another agent, is kept with it. */
    private void place(String id, Path coming, Optional<MatrixResult> matrix) throws IOException {
        synchronized (PLACING) {
            Path place = layout.run(id);
            if (Files.isDirectory(place)) {
                unite(id, coming, matrix);
                Path old = layout.coming(id, "old-" + UUID.randomUUID());
                Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
                Files.move(coming, place, StandardCopyOption.ATOMIC_MOVE);
                FileTrees.delete(old);
            } else {
                Files.move(coming, place, StandardCopyOption.ATOMIC_MOVE);
            }
            RunSummary.of(new KeptRun(layout, id).read(), "")
                    .write(layout.dashboard().summary(id));
        }
    }

    /** Adds to {@code coming} what is kept of the run already. */
    private void unite(String id, Path coming, Optional<MatrixResult> later) throws IOException {
        Optional<MatrixResult> earlier = new KeptRun(layout, id).matrix();
        Path matrix = coming.resolve("boot").resolve(MatrixJson.FILE_NAME);
        if (earlier.isPresent() && later.isPresent()) {
            Map<String, String> names = separate(layout.boot(id), coming.resolve("boot"));
            MatrixJson.write(
                    MatrixUnion.of(
                            earlier.get(),
                            MatrixUnion.renamed(later.get(), console -> names.getOrDefault(console, console))),
                    matrix);
        }
        Map<String, KeptPackage> packages = new LinkedHashMap<>();
        for (Path list : List.of(layout.packageList(id), coming.resolve(KeptLayout.PACKAGES))) {
            KeptPackage.read(list).forEach(one -> packages.put(one.name(), one));
        }
        KeptPackage.write(coming.resolve(KeptLayout.PACKAGES), List.copyOf(packages.values()));
        try (Stream<Path> all = Files.walk(layout.run(id))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path to = coming.resolve(layout.run(id).relativize(file));
                if (!Files.exists(to)) {
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /** Renames consoles in {@code coming} whose names other consoles in {@code there} have; the new names by the old ones. */
    private static Map<String, String> separate(Path there, Path coming) throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        Path consoles = coming.resolve("consoles");
        if (!Files.isDirectory(consoles)) {
            return names;
        }
        try (Stream<Path> all = Files.walk(consoles)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path path = coming.relativize(file);
                if (Files.isRegularFile(there.resolve(path)) && Files.mismatch(there.resolve(path), file) >= 0) {
                    Path free = path;
                    for (int i = 2; Files.exists(there.resolve(free)) || Files.exists(coming.resolve(free)); i++) {
                        free = path.resolveSibling(i + "-" + path.getFileName());
                    }
                    Files.move(file, coming.resolve(free));
                    names.put(path.toString(), free.toString());
                }
            }
        }
        return names;
    }
}
