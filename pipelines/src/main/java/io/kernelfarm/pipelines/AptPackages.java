package io.kernelfarm.pipelines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Brings packages of the machine's own distribution into the cache, without installing them. apt chooses the host from the
 * machine's own configuration and checks each package against its signed lists.
 */
final class AptPackages {

    private static final String DIGEST = ".sha256";

    private final CacheLayout cache;
    private final Progress progress;

    AptPackages(CacheLayout cache, Progress progress) {
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * What was fetched.
     *
     * @param place where it lies, named {@code NAME_VERSION}
     * @param sha256 of the package, lower-case hexadecimal; empty if nobody knows it any more
     */
    record Fetched(String version, Path place, String sha256) {}

    /** Makes from a package what is to be kept of it. */
    @FunctionalInterface
    interface Unpacking {
        /** Makes a file or folder in {@code scratch} from {@code deb}, and returns it. */
        Path make(Path deb, Path scratch) throws IOException;
    }

    /**
     * Fetches the newest {@code name} into {@code shelf}, unless it is there already.
     *
     * @throws FarmException the farm's fault, if it can neither be downloaded nor is there in an older version
     */
    Fetched fetch(String name, Path shelf, Unpacking unpacking) throws IOException {
        Attempt first = attempt(name, shelf, unpacking);
        if (first.fetched().isPresent()) {
            return first.fetched().get();
        }
        // The lists are missing, or so old that the archive no longer has what they name.
        progress.note(first.trouble() + ": updating apt's lists");
        Optional<String> trouble = updateLists();
        Attempt second = trouble.isEmpty() ? attempt(name, shelf, unpacking) : first;
        Optional<Fetched> found = second.fetched().isPresent() ? second.fetched() : cached(name, shelf);
        return found.orElseThrow(() -> FarmException.farm(second.trouble()
                + trouble.map(reason -> ", and its lists cannot be updated (" + reason + ")")
                        .orElse("")
                + "; check the network and the machine's apt configuration, then try again"));
    }

    /** The names of the packages that {@code name} depends on directly, as apt's lists have it. */
    static List<String> dependencies(String name) throws IOException {
        return Command.of("apt-cache", "depends", name)
                .output()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Depends: "))
                .map(line -> line.substring("Depends: ".length()))
                .toList();
    }

    /**
     * Where this machine gets {@code suite} of Debian from: lines of sources.list(5), one for each part of the archive, as
     * apt itself reads them out of its configuration.
     */
    static List<String> sources(String suite) throws IOException {
        String targets = Command.of(
                        "apt-get",
                        "indextargets",
                        "--format",
                        "$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)",
                        "Created-By: Packages",
                        "Origin: Debian")
                .output();
        Set<String> lines = new LinkedHashSet<>();
        for (String target : targets.lines().toList()) {
            String[] parts = target.split("\\|", -1);
            if (parts.length == 4 && (parts[1].equals(suite) || parts[1].startsWith(suite + "-"))) {
                // What a target does not have stays as it was asked for.
                boolean keyed = !parts[3].isBlank() && !parts[3].startsWith("$(");
                String key = keyed ? "[signed-by=" + parts[3].strip() + "] " : "";
                lines.add("deb " + key + parts[0] + " " + parts[1] + " " + parts[2]);
            }
        }
        return List.copyOf(lines);
    }

    /**
     * What came of looking for a package.
     *
     * @param trouble why there is none
     */
    private record Attempt(Optional<Fetched> fetched, String trouble) {}

    private Attempt attempt(String name, Path shelf, Unpacking unpacking) throws IOException {
        Optional<String> version = candidate(name);
        if (version.isEmpty()) {
            return new Attempt(Optional.empty(), "apt knows no package " + name);
        }
        Path place = CacheLayout.versioned(shelf, name, version.get());
        return FolderLock.holding(place, progress, () -> {
            Optional<String> trouble =
                    Files.exists(place) ? Optional.empty() : download(name, version.get(), place, unpacking);
            if (trouble.isPresent()) {
                return new Attempt(
                        Optional.empty(),
                        "apt cannot download " + name + " " + version.get() + " (" + trouble.get() + ")");
            }
            return new Attempt(Optional.of(fetched(name, version.get(), place)), "");
        });
    }

    /** The version that apt would install, if its lists have the package. */
    static Optional<String> candidate(String name) throws IOException {
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

    private Optional<String> download(String name, String version, Path place, Unpacking unpacking) throws IOException {
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
            String sha256 = Sha256.of(deb);
            Path made = unpacking.make(deb, scratch.folder());
            Files.createDirectories(place.getParent());
            Files.writeString(digest(place), sha256 + "\n");
            Scratch.deliver(made, place);
            return Optional.empty();
        }
    }

    /** What is on the shelf is better than nothing when the archive cannot be reached. */
    private Optional<Fetched> cached(String name, Path shelf) throws IOException {
        Optional<Path> place = newest(name, shelf);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        String version = place.get()
                .getFileName()
                .toString()
                .substring(name.length() + 1)
                .replace("%3a", ":");
        progress.note("the archive cannot be reached: going on with " + name + " " + version + " from the cache");
        return Optional.of(fetched(name, version, place.get()));
    }

    private static Fetched fetched(String name, String version, Path place) throws IOException {
        Path digest = digest(place);
        String sha256 = Files.isRegularFile(digest)
                ? Files.readString(digest).strip()
                : listedDigest(name, version).orElse("");
        return new Fetched(version, place, sha256);
    }

    /** The file beside {@code place} with the digest of the package that it was made from. */
    private static Path digest(Path place) {
        return place.resolveSibling(place.getFileName() + DIGEST);
    }

    /** The digest of the package in apt's signed lists, which every download is held against. */
    private static Optional<String> listedDigest(String name, String version) throws IOException {
        return Command.of("apt-cache", "show", name + "=" + version)
                .run()
                .output()
                .lines()
                .filter(line -> line.startsWith("SHA256: "))
                .map(line -> line.substring("SHA256: ".length()).strip())
                .findFirst();
    }

    /** The {@code name} that came last onto the shelf. */
    static Optional<Path> newest(String name, Path shelf) {
        if (!Files.isDirectory(shelf)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(shelf)) {
            return all.filter(path -> path.getFileName().toString().startsWith(name + "_"))
                    .filter(path -> !path.getFileName().toString().endsWith(".lock"))
                    .filter(path -> !path.getFileName().toString().endsWith(DIGEST))
                    .max(Comparator.comparing(AptPackages::modified));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).toInstant();
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
