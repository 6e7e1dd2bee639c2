package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Brings packages of the machine's own distribution into the cache, without installing them. apt chooses the host from the
 * machine's own configuration and checks each package against its signed lists. Another release of Debian has lists of its
 * own in the cache, from the same archive and held against the same keys: the machine's own know nothing of it.
 */
public final class AptPackages {

    static final String DIGEST = ".sha256";

    private static final Set<String> ALONE = Set.of("sid", "unstable", "experimental");

    /** For example {@code linux-source-6.1} and {@code xen-hypervisor-4.17-amd64}: what comes before the version, and behind it. */
    private static final Pattern VERSIONED = Pattern.compile("([a-z-]+-)[0-9][0-9.]*((?:-[a-z0-9]+)?)");

    private final CacheLayout cache;
    private final Progress progress;
    /** What makes apt work with lists of its own; empty for the machine's. */
    private final List<String> options;

    /** The packages that the machine's own apt knows. */
    public AptPackages(CacheLayout cache, Progress progress) {
        this(cache, progress, List.of());
    }

    private AptPackages(CacheLayout cache, Progress progress, List<String> options) {
        this.cache = cache;
        this.progress = progress;
        this.options = List.copyOf(options);
    }

    /**
     * The packages of {@code suite} of Debian, for example {@code bullseye}.
     *
     * @throws FarmException the farm's fault, if apt's configuration names no archive of Debian
     */
    public static AptPackages of(String suite, CacheLayout cache, Progress progress) throws IOException {
        return of(suite, cache.apt(suite), List.of(), cache, progress);
    }

    /**
     * The packages of {@code suite} of Debian for machines of {@code architecture}, which need not be this one's.
     *
     * @throws FarmException the farm's fault, if apt's configuration names no archive of Debian
     */
    public static AptPackages of(String suite, Architecture architecture, CacheLayout cache, Progress progress)
            throws IOException {
        String name = architecture.deb();
        return of(
                suite,
                cache.apt(suite + "-" + name),
                List.of("APT::Architecture=" + name, "APT::Architectures=" + name),
                cache,
                progress);
    }

    private static AptPackages of(String suite, Path folder, List<String> more, CacheLayout cache, Progress progress)
            throws IOException {
        List<String> sources = sources(suite);
        if (sources.isEmpty()) {
            throw FarmException.farm("apt's configuration names no archive of Debian, which is to have " + suite
                    + "; add one to its sources and run 'apt-get update'");
        }
        Files.createDirectories(folder.resolve("lists/partial"));
        Files.createDirectories(folder.resolve("archives/partial"));
        AtomicFile.write(folder.resolve("status"), new byte[0]);
        AtomicFile.write(
                folder.resolve("sources.list"), (String.join("\n", sources) + "\n").getBytes(StandardCharsets.UTF_8));
        return new AptPackages(
                cache,
                progress,
                Stream.concat(
                                more.stream(),
                                Stream.of(
                                        "Dir::Etc::SourceList=" + folder.resolve("sources.list"),
                                        "Dir::Etc::SourceParts=/dev/null",
                                        "Dir::Etc::Preferences=/dev/null",
                                        "Dir::Etc::PreferencesParts=/dev/null",
                                        "Dir::State::Lists=" + folder.resolve("lists"),
                                        "Dir::State::Status=" + folder.resolve("status"),
                                        "Dir::Cache=" + folder,
                                        // Only apt's own user may not enter the cache of the one who calls.
                                        "APT::Sandbox::User=root"))
                        .flatMap(option -> Stream.of("--option", option))
                        .toList());
    }

    private Command apt(String program, String... words) {
        return Command.of(program).and(options.toArray(String[]::new)).and(words);
    }

    /**
     * What was fetched.
     *
     * @param place where it lies, named {@code NAME_VERSION}
     * @param sha256 of the package, lower-case hexadecimal; empty if nobody knows it any more
     */
    public record Fetched(String version, Path place, String sha256) {}

    /** Makes from a package what is to be kept of it. */
    @FunctionalInterface
    public interface Unpacking {
        /** Makes a file or folder in {@code scratch} from {@code deb}, and returns it. */
        Path make(Path deb, Path scratch) throws IOException;
    }

    /**
     * Fetches the newest {@code name} into {@code shelf}, unless it is there already.
     *
     * @throws FarmException if it can neither be downloaded nor is there in an older version: wrong usage, if apt has others of its kind; else
     *     the farm's fault
     */
    public Fetched fetch(String name, Path shelf, Unpacking unpacking) throws IOException {
        Attempt first = attempt(name, shelf, unpacking);
        if (first.fetched().isPresent()) {
            return first.fetched().get();
        }
        // The lists are missing, or so old that the archive no longer has what they name.
        progress.note(first.trouble() + ": updating apt's lists");
        Optional<String> trouble = updateLists();
        Attempt second = trouble.isEmpty() ? attempt(name, shelf, unpacking) : first;
        Optional<Fetched> found = second.fetched().isPresent() ? second.fetched() : cached(name, shelf);
        if (found.isPresent()) {
            return found.get();
        }
        List<String> others = trouble.isEmpty() && candidate(name).isEmpty() ? ofOtherVersions(name) : List.of();
        if (!others.isEmpty()) {
            throw FarmException.usage(second.trouble() + "; it knows " + String.join(", ", others));
        }
        throw FarmException.farm(second.trouble()
                + trouble.map(reason -> ", and its lists cannot be updated (" + reason + ")")
                        .orElse("")
                + "; check the network and the machine's apt configuration, then try again");
    }

    /** The packages whose names differ from {@code name} in the version that is part of it; none if none is. */
    private List<String> ofOtherVersions(String name) throws IOException {
        Matcher versioned = VERSIONED.matcher(name);
        if (!versioned.matches()) {
            return List.of();
        }
        String pattern = "^" + versioned.group(1) + "[0-9][0-9.]*" + versioned.group(2) + "$";
        return apt("apt-cache", "search", "--names-only", pattern)
                .output()
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .sorted()
                .toList();
    }

    /** The names of the packages that {@code name} depends on directly, as apt's lists have it. */
    List<String> dependencies(String name) throws IOException {
        if (candidate(name).isEmpty()) {
            updateLists(); // Lists of one's own are empty at first.
        }
        return apt("apt-cache", "depends", name)
                .output()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Depends: "))
                .map(line -> line.substring("Depends: ".length()))
                .toList();
    }

    /**
     * Where this machine gets {@code suite} of Debian from: lines of sources.list(5), one for each part of the archive, as
     * apt itself reads them out of its configuration. If that has only another release, the same parts of the same archive.
     */
    public static List<String> sources(String suite) throws IOException {
        List<String> own = sources(suite, suite);
        return own.isEmpty() ? sources(ownSuite(), suite) : own;
    }

    /** The name of the Debian release that this machine runs (os-release(5)). */
    static String ownSuite() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("VERSION_CODENAME="))
                    .map(line -> line.substring("VERSION_CODENAME=".length()).replace("\"", ""))
                    .findFirst()
                    .orElseThrow(() -> FarmException.farm(
                            "/etc/os-release has no VERSION_CODENAME; Xen's packages are those of a Debian release"));
        }
    }

    private static List<String> sources(String configured, String suite) throws IOException {
        // Updates of these, security's among them, have no suite of their own.
        boolean alone = suite.contains("-") || ALONE.contains(suite);
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
            if (parts.length == 4
                    && (parts[1].equals(configured) || (!alone && parts[1].startsWith(configured + "-")))) {
                // What a target does not have stays as it was asked for.
                boolean keyed = !parts[3].isBlank() && !parts[3].startsWith("$(");
                String key = keyed ? "[signed-by=" + parts[3].strip() + "] " : "";
                String release = suite + parts[1].substring(configured.length());
                lines.add("deb " + key + parts[0] + " " + release + " " + parts[2]);
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
    Optional<String> candidate(String name) throws IOException {
        return apt("apt-cache", "policy", name)
                .output()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Candidate: "))
                .map(line -> line.substring("Candidate: ".length()))
                .filter(version -> !version.equals("(none)"))
                .findFirst();
    }

    /** Updates apt's lists; what went wrong, if it did. */
    private Optional<String> updateLists() throws IOException {
        Command update = apt("apt-get", "--quiet", "--option", "APT::Update::Error-Mode=any", "update");
        boolean root = System.getProperty("user.name").equals("root");
        if (!root && options.isEmpty()) {
            update = Command.of("sudo", "--non-interactive").and(update.words());
        }
        Command.Result result = update.run();
        return result.exit() == 0 ? Optional.empty() : Optional.of(firstError(result));
    }

    private Optional<String> download(String name, String version, Path place, Unpacking unpacking) throws IOException {
        try (Scratch scratch = Scratch.in(cache)) {
            progress.at(-1, "downloading " + name + " " + version);
            Command.Result result = apt(
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

    private Fetched fetched(String name, String version, Path place) throws IOException {
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
    private Optional<String> listedDigest(String name, String version) throws IOException {
        return apt("apt-cache", "show", name + "=" + version)
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
                    .filter(path -> !CacheLayout.isBeside(path) && !CacheLayout.isPatched(path))
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
