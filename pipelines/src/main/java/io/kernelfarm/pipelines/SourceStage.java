package io.kernelfarm.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Brings a Debian kernel source package into the cache. apt chooses the host from the machine's own configuration and
 * checks the package against its signed lists.
 */
final class SourceStage {

    private final CacheLayout cache;
    private final Progress progress;

    private SourceStage(CacheLayout cache, Progress progress) {
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * @throws FarmException the farm's fault, if the package can neither be downloaded nor is in the cache
     */
    static KernelSource run(Spec.Source source, CacheLayout cache, Progress progress) throws IOException {
        return new SourceStage(cache, progress).fetch(source.debian());
    }

    private KernelSource fetch(String name) throws IOException {
        Attempt first = attempt(name);
        if (first.source().isPresent()) {
            return first.source().get();
        }
        // The lists are missing, or so old that the archive no longer has what they name.
        progress.note(first.trouble() + ": updating apt's lists");
        Optional<String> trouble = updateLists();
        Attempt second = trouble.isEmpty() ? attempt(name) : first;
        return second.source()
                .or(() -> cached(name))
                .orElseThrow(() -> FarmException.farm(second.trouble()
                        + trouble.map(reason -> ", and its lists cannot be updated (" + reason + ")")
                                .orElse("")
                        + "; check the network and the machine's apt configuration, then try again"));
    }

    /**
     * What came of looking for a source.
     *
     * @param trouble why there is none
     */
    private record Attempt(Optional<KernelSource> source, String trouble) {}

    private Attempt attempt(String name) throws IOException {
        Optional<String> version = candidate(name);
        if (version.isEmpty()) {
            return new Attempt(Optional.empty(), "apt knows no package " + name);
        }
        Path tree = cache.debianSource(name, version.get());
        return FolderLock.holding(tree, progress, () -> {
            Optional<String> trouble = Files.isDirectory(tree) ? Optional.empty() : download(name, version.get(), tree);
            return trouble.map(reason -> new Attempt(
                            Optional.empty(),
                            "apt cannot download " + name + " " + version.get() + " (" + reason + ")"))
                    .orElseGet(() -> new Attempt(Optional.of(source(name, version.get(), tree)), ""));
        });
    }

    /** The version that apt would install, if its lists have the package. */
    private static Optional<String> candidate(String name) throws IOException {
        return Command.of("apt-cache", "policy", name)
                .output()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Candidate: "))
                .map(line -> line.substring("Candidate: ".length()))
                .filter(version -> !version.equals("(none)"))
                .findFirst();
    }

    /** Updates apt's lists; what went wrong, if it did. */
    private static Optional<String> updateLists() throws IOException {
        Command update = Command.of("apt-get", "--quiet", "--option", "APT::Update::Error-Mode=any", "update");
        boolean root = System.getProperty("user.name").equals("root");
        if (!root) {
            update = Command.of("sudo", "--non-interactive").and(update.words());
        }
        Command.Result result = update.run();
        return result.exit() == 0 ? Optional.empty() : Optional.of(firstError(result));
    }

    private Optional<String> download(String name, String version, Path tree) throws IOException {
        try (Scratch scratch = Scratch.in(cache)) {
            progress.at(-1, "downloading " + name + " " + version);
            Command.Result result = Command.of(
                            "apt-get",
                            "--quiet",
                            // Only apt's own user may not enter the cache of the one who calls.
                            "--option",
                            "APT::Sandbox::User=root",
                            "download",
                            name + "=" + version)
                    .in(scratch.folder())
                    .run();
            if (result.exit() != 0) {
                if (result.errors().contains(Disk.FULL)) {
                    throw Disk.full(scratch.folder());
                }
                return Optional.of(firstError(result));
            }
            Path deb = only(scratch.folder(), "*.deb");
            progress.at(-1, "unpacking " + deb.getFileName());
            Path unpacked = scratch.folder().resolve("package");
            Command.of("dpkg-deb", "--extract", deb.toString(), unpacked.toString())
                    .in(scratch.folder())
                    .output();
            Path tarball = unpacked.resolve("usr/src").resolve(name + ".tar.xz");
            if (!Files.isRegularFile(tarball)) {
                throw FarmException.farm(deb.getFileName() + " has no usr/src/" + name + ".tar.xz in it");
            }
            Path made = Files.createDirectory(scratch.folder().resolve("tree"));
            Command.of("tar", "--extract", "--file", tarball.toString(), "--strip-components=1", "--no-same-owner")
                    .in(made)
                    .output();
            Scratch.deliver(made, tree);
            return Optional.empty();
        }
    }

    /** The newest version of {@code name} in the cache: better than nothing when the archive cannot be reached. */
    private Optional<KernelSource> cached(String name) {
        if (!Files.isDirectory(cache.sources())) {
            return Optional.empty();
        }
        List<Path> trees;
        try (Stream<Path> all = Files.list(cache.sources())) {
            trees = all.filter(path -> path.getFileName().toString().startsWith(name + "_"))
                    .filter(Files::isDirectory)
                    .sorted(Comparator.comparing(SourceStage::modified).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (trees.isEmpty()) {
            return Optional.empty();
        }
        Path tree = trees.get(0);
        String version =
                tree.getFileName().toString().substring(name.length() + 1).replace("%3a", ":");
        progress.note("the archive cannot be reached: going on with " + name + " " + version + " from the cache");
        return Optional.of(source(name, version, tree));
    }

    private static KernelSource source(String name, String version, Path tree) {
        return new KernelSource("debian:" + name + "=" + version, version, tree, modified(tree));
    }

    /** The date of the release: tar keeps it. */
    private static Instant modified(Path tree) {
        try {
            return Files.getLastModifiedTime(tree.resolve("Makefile")).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** apt's first error, without its mark. */
    private static String firstError(Command.Result result) {
        return (result.errors() + result.output())
                .lines()
                .filter(line -> line.startsWith("E: ") || line.startsWith("sudo: "))
                .findFirst()
                .map(line -> line.replaceFirst("^(E|sudo): ", "").strip())
                .orElseGet(result::lastWords);
    }

    private static Path only(Path folder, String glob) throws IOException {
        try (var files = Files.newDirectoryStream(folder, glob)) {
            for (Path file : files) {
                return file;
            }
        }
        throw FarmException.farm("apt-get download left no " + glob + " in " + folder);
    }
}
