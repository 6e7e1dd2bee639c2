package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.bisect.History;
import io.kernelfarm.pipelines.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Somebody's git repository of the kernel, with a work tree or without. It is only read: commits are put into a work tree of the
 * farm's own, with an index of its own, and no reference is set.
 */
public final class GitTree implements History {

    private final Path gitDir;

    private GitTree(Path gitDir) {
        this.gitDir = gitDir;
    }

    /**
     * A commit.
     *
     * @param id 40 (or, in a repository of SHA-256, 64) lower-case hexadecimal digits
     * @param author the name
     * @param date when it was written, in ISO 8601
     * @param committed when it came into the tree
     */
    public record Commit(String id, String author, String date, Instant committed, String subject) {

        /** As people quote it: {@code 1da177e4c3f4 ("Linux-2.6.12-rc2")}. */
        @Override
        public String toString() {
            return shortened(id) + " (\"" + subject + "\")";
        }
    }

    /** As many digits of a hash as the kernel's people write. */
    public static String shortened(String id) {
        return id.substring(0, Math.min(12, id.length()));
    }

    /**
     * The repository that {@code folder} is, or is a work tree of.
     *
     * @throws FarmException wrong usage, if there is none
     */
    static GitTree open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw FarmException.usage("--tree " + folder + " is no folder; name a git repository of the kernel");
        }
        Command.Result found = Command.of("git", "-C", folder.toString(), "rev-parse", "--absolute-git-dir")
                .withOwnEnvironment()
                .run();
        if (found.exit() != 0) {
            throw FarmException.usage("--tree " + folder + " is no git repository that can be read (git says: "
                    + found.lastWords() + "); name one of the kernel");
        }
        return new GitTree(Path.of(found.output().strip()));
    }

    /** The farm's own repository {@code gitDir}. */
    public static GitTree at(Path gitDir) {
        return new GitTree(gitDir);
    }

    Path gitDir() {
        return gitDir;
    }

    /**
     * The commit that {@code name} means, for example {@code v6.1}, in a tree of the kernel.
     *
     * @param option that has the name
     * @throws FarmException wrong usage, if there is no such commit, or if it is none of the kernel
     */
    String commit(String option, String name) throws IOException {
        Command.Result found = git("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
                .run();
        String id = found.output().strip();
        if (found.exit() != 0 || !id.matches("[0-9a-f]{40,64}")) {
            throw FarmException.usage(option + " '" + name + "' is no commit in " + gitDir
                    + "; name one by hash, tag or branch, and fetch it first if it is not there");
        }
        if (git("cat-file", "-e", id + ":Kconfig").run().exit() != 0) {
            throw FarmException.usage(option + " '" + name + "' in " + gitDir
                    + " is no tree of the kernel: it has no file Kconfig; name a repository of the kernel with --tree");
        }
        return id;
    }

    /**
     * Says whether there is something to search between {@code good} and {@code bad}.
     *
     * @throws FarmException wrong usage
     */
    void checkEnds(String good, String bad) throws IOException {
        if (good.equals(bad)) {
            throw FarmException.usage("--good and --bad are the same commit, " + describe(good));
        }
        if (isAncestor(bad, good)) {
            throw FarmException.usage("--bad " + describe(bad) + " is an ancestor of --good " + describe(good)
                    + "; what is searched is the commit that broke something: if they are not mixed up, search for the one"
                    + " that mended it with git bisect");
        }
        if (!isAncestor(good, bad) && mergeBases(good, bad).isEmpty()) {
            throw FarmException.usage("--good " + describe(good) + " and --bad " + describe(bad)
                    + " have no common ancestor in " + gitDir + "; if it is a shallow clone, deepen it");
        }
    }

    public Commit describe(String id) throws IOException {
        List<String> lines = git("show", "--no-patch", "--format=%an%n%aI%n%ct%n%s", id, "--")
                .output()
                .lines()
                .toList();
        return new Commit(
                id,
                lines.get(0),
                lines.get(1),
                Instant.ofEpochSecond(Long.parseLong(lines.get(2))),
                lines.size() > 3 ? lines.get(3) : "");
    }

    @Override
    public List<String> suspects(String bad, Collection<String> good) throws IOException {
        return git(Stream.concat(Stream.of("rev-list", "--bisect-all", bad, "--not"), good.stream())
                        .toArray(String[]::new))
                .output()
                .lines()
                .map(line -> line.split(" ", 2)[0]) // "HASH (dist=N)"
                .toList();
    }

    @Override
    public List<String> mergeBases(String good, String bad) throws IOException {
        if (isAncestor(good, bad)) {
            return List.of();
        }
        Command.Result found = git("merge-base", "--all", good, bad).run();
        if (found.exit() > 1) {
            throw FarmException.farm("git cannot read the history in " + gitDir + ": " + found.lastWords());
        }
        return found.output().lines().toList();
    }

    @Override
    public List<String> parents(String id) throws IOException {
        return List.of(git("rev-list", "--parents", "--max-count=1", id)
                        .output()
                        .strip()
                        .split(" ", -1))
                .stream()
                .skip(1)
                .toList();
    }

    private boolean isAncestor(String older, String newer) throws IOException {
        Command.Result found = git("merge-base", "--is-ancestor", older, newer).run();
        if (found.exit() > 1) {
            throw FarmException.farm("git cannot read the history in " + gitDir + ": " + found.lastWords());
        }
        return found.exit() == 0;
    }

    /** Where the commits of this history are put: one place for all clones of it. */
    Path place(String id, CacheLayout cache) throws IOException {
        return cache.gitSource(
                git("rev-list", "--first-parent", id).output().lines().reduce("", (before, line) -> line));
    }

    /**
     * Puts the commit {@code id} into {@code place}. Only files that differ from the commit that was there before are written,
     * so that make compiles nothing else. The caller keeps others away from {@code place}.
     */
    KernelSource checkOut(String id, Path place) throws IOException {
        put(id, place);
        String version = SourceTree.version(place);
        return new KernelSource(
                "git:" + id,
                version + "+git." + shortened(id),
                SourceTree.ofGit(version, gitDir.toUri().toString(), id),
                place,
                describe(id).committed());
    }

    /** The same, without a look at it. */
    public void put(String id, Path place) throws IOException {
        Path index = CacheLayout.index(place);
        Path unfinished = CacheLayout.unfinished(place);
        if (Files.exists(unfinished)) { // A farm was killed here: nobody knows what there is.
            FileTrees.delete(place);
            Files.deleteIfExists(index);
            Files.deleteIfExists(index.resolveSibling(index.getFileName() + ".lock"));
        }
        Files.createDirectories(place);
        Files.writeString(unfinished, "A farm is checking out a commit, or was stopped in the middle of it.\n");
        git("read-tree", "--reset", "-u", id)
                .with("GIT_INDEX_FILE", index.toString())
                .with("GIT_WORK_TREE", place.toString())
                .output();
        Files.delete(unfinished);
    }

    /** A call of git that neither asks the user's configuration how files are to look nor writes into the repository. */
    private Command git(String... words) {
        return Command.of(
                        "git",
                        "--no-optional-locks",
                        "-c",
                        "core.autocrlf=false",
                        "-c",
                        "core.sparseCheckout=false",
                        "-c",
                        "core.fsmonitor=false",
                        "-c",
                        "core.hooksPath=/dev/null",
                        // A build's headers are hard links to files of the work tree, and to link a file changes its
                        // ctime.
                        "-c",
                        "core.trustctime=false",
                        "-c",
                        "log.showSignature=false")
                .and(words)
                .withOwnEnvironment()
                .with("GIT_DIR", gitDir.toString());
    }
}
