package io.kernelfarm.pipelines.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException.Blame;
import io.kernelfarm.pipelines.KernelSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits of real repositories. */
class GitSourceTest {

    /** In which time the commits were made. */
    private static final Instant COMMITTED = Instant.parse("2023-01-05T20:10:00Z");

    @TempDir
    private Path folder;

    private final FakeKernel.Notes notes = new FakeKernel.Notes();
    private Path tree;
    private String first;
    private String second;
    private CacheLayout cache;

    @BeforeEach
    void make() throws IOException {
        tree = FakeKernel.make(folder.resolve("linux"));
        git("init", "--quiet", "--initial-branch=main");
        first = commit("First");
        git(
                "-c",
                "user.name=Ada",
                "-c",
                "user.email=ada@example.org",
                "tag",
                "--annotate",
                "--message=One",
                "v6.1-rc4");
        Files.writeString(tree.resolve("drivers/other.c"), "other\n");
        second = commit("Second");
        cache = new CacheLayout(folder.resolve("cache"));
    }

    @Test
    void theFilesOfACommitAreTakenWithoutItsHistory() throws IOException {
        KernelSource source = fetch("linux", first);

        Map<String, String> wanted = content(tree);
        wanted.put("drivers/other.c", FakeKernel.lines(1, 10));
        wanted.put("drivers/net/up", FakeKernel.lines(1, 10)); // A link to it.
        assertThat(content(source.tree())).isEqualTo(wanted);
        assertThat(source.identity()).isEqualTo("git:linux@" + first);
        assertThat(source.version()).isEqualTo("6.1.0~rc4+git20230105." + first.substring(0, 12) + "-1");
        assertThat(source.timestamp()).isEqualTo(COMMITTED);
        assertThat(Files.getLastModifiedTime(source.tree().resolve("drivers/other.c"))
                        .toInstant())
                .isEqualTo(COMMITTED);
        assertThat(source.origin().uri()).isEqualTo("git+linux@" + first);
        assertThat(source.origin().digests()).isEqualTo(Map.of("gitCommit", first));
        assertThat(FakeKernel.run(cache.mirror(tree.toString()), "git", "rev-list", "--all", "--count")
                        .strip())
                .as("commits in the mirror")
                .isEqualTo("1");
    }

    @Test
    void aTagOrABranchIsResolvedAndRecorded() throws IOException {
        assertThat(fetch("linux", "v6.1-rc4").identity()).isEqualTo("git:linux@" + first);
        assertThat(fetch("linux", "main").identity()).isEqualTo("git:linux@" + second);
        git("branch", "--quiet", "v6.1-rc4", second);
        assertThat(fetch("linux", "v6.1-rc4").identity())
                .as("a tag before a branch")
                .isEqualTo("git:linux@" + first);
    }

    @Test
    void whatTheMirrorHasNeedsNoRepository() throws IOException {
        KernelSource before = fetch("linux", first);
        Files.move(tree, folder.resolve("away"));

        assertThat(fetch("linux", first)).isEqualTo(before);
        FakeKernel.run(folder, "rm", "-r", before.tree().toString());
        assertThat(fetch("linux", first)).isEqualTo(before);
        FakeKernel.assertRefused(Blame.USAGE, () -> fetch("linux", second), "there is no folder " + tree);
    }

    @Test
    void whatAFarmThatWasKilledLeftDoesNotStandInTheWay() throws IOException {
        fetch("linux", first);
        Path mirror = cache.mirror(tree.toString());
        Files.writeString(mirror.resolve("shallow.lock"), "");

        assertThat(fetch("linux", second).identity()).isEqualTo("git:linux@" + second);

        FakeKernel.run(folder, "rm", "-r", cache.commit(second).toString());
        try (Stream<Path> objects = Files.walk(mirror.resolve("objects"))) {
            for (Path pack :
                    (Iterable<Path>) objects.filter(file -> file.toString().endsWith(".pack"))::iterator) {
                FakeKernel.run(folder, "truncate", "--size=-30", pack.toString());
            }
        }
        assertThat(fetch("linux", second).identity())
                .as("from a damaged mirror")
                .isEqualTo("git:linux@" + second);
    }

    @Test
    void aServerWithoutSingleCommitsGivesAllAndHearsThePasswordThatNobodyElseDoes() throws IOException {
        git(
                "clone",
                "--quiet",
                "--bare",
                ".",
                folder.resolve("served/linux.git").toString());
        FakeKernel.run(folder.resolve("served/linux.git"), "git", "update-server-info");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                Path file = folder.resolve("served" + exchange.getRequestURI().getPath());
                boolean known = ("Basic " + Base64.getEncoder().encodeToString("ada:s3cret".getBytes(UTF_8)))
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"));
                if (!known) {
                    exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"linux\"");
                }
                byte[] content = known && Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
                exchange.sendResponseHeaders(
                        !known ? 401 : content.length == 0 ? 404 : 200, content.length == 0 ? -1 : content.length);
                exchange.getResponseBody().write(content);
            }
        });
        server.start();
        String place = "127.0.0.1:" + server.getAddress().getPort() + "/linux.git";
        try {
            KernelSource source = fetch("http://ada:s3cret@" + place, "v6.1-rc4");

            assertThat(source.identity()).isEqualTo("git:http://" + place + "@" + first);
            assertThat(source.origin().uri()).isEqualTo("git+http://" + place + "@" + first);
            assertThat(source + "" + notes.sentences).doesNotContain("s3cret", "ada:");
            assertThat(notes.sentences).anyMatch(note -> note.contains("gives no single commit"));
            FakeKernel.assertRefused(
                    Blame.FARM, () -> fetch("http://ada:wrong@" + place, second.replace('a', 'b')), "http://" + place);
            FakeKernel.assertRefused(
                    Blame.USAGE,
                    () -> fetch("http://ada:s3cret@" + place.replace("linux.git", "minix.git"), "main"),
                    "there is no git repository at http://");
        } finally {
            server.stop(0);
        }
        FakeKernel.assertRefused(
                Blame.FARM, () -> fetch("http://" + place, "main"), "git cannot fetch from http://" + place);
        try (Stream<Path> kept = Files.walk(cache.root().resolve("git"))) {
            assertThat(kept.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                            new String(Files.readAllBytes(file), UTF_8))
                    .doesNotContain("s3cret"));
        }
    }

    @Test
    void whatCannotBeIsToldInASentence() throws IOException {
        String nobodys = "1234567890".repeat(4);
        FakeKernel.assertRefused(
                Blame.USAGE,
                () -> fetch("linux", nobodys),
                "'source.commit' is " + nobodys,
                "linux has no such commit");
        FakeKernel.assertRefused(
                Blame.USAGE, () -> fetch("linux", "v9"), "'v9'", "no tag or branch of that name", "all its digits");
        FakeKernel.assertRefused(
                Blame.USAGE, () -> fetch("linux", first.substring(0, 12)), "no tag or branch of that name");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        FakeKernel.assertRefused(
                Blame.USAGE, () -> fetch("empty", "main"), "there is no git repository at empty", empty.toString());
        Files.delete(tree.resolve("Kconfig"));
        FakeKernel.assertRefused(Blame.USAGE, () -> fetch("linux", commit("No kernel")), "is not a kernel's source");
    }

    @Test
    void noHookRunsAndNoLinkLeadsOut() throws IOException {
        Path hooks = tree.resolve(".git/hooks");
        Files.createDirectories(hooks);
        for (String hook : List.of("post-checkout", "post-index-change", "reference-transaction")) {
            Path script = Files.writeString(hooks.resolve(hook), "#!/bin/sh\ntouch " + folder.resolve("ran") + "\n");
            script.toFile().setExecutable(true);
        }
        fetch("linux", first);
        assertThat(folder.resolve("ran")).doesNotExist();

        for (String target :
                List.of("/etc/passwd", "../../../x", "drivers/net/../../../../x", "drivers/nowhere/../../../x")) {
            Files.deleteIfExists(tree.resolve("link"));
            Files.createSymbolicLink(tree.resolve("link"), Path.of(target));
            String hostile = commit("A link to " + target);

            FakeKernel.assertRefused(
                    Blame.USAGE, () -> fetch("linux", hostile), "link leads out of the source, to " + target);
            assertThat(cache.commit(hostile)).doesNotExist();
        }
    }

    private KernelSource fetch(String git, String commit) throws IOException {
        return new GitSource(new Location(git, folder), commit, null).fetch(cache, notes);
    }

    private String commit(String message) throws IOException {
        git("add", "--all");
        FakeKernel.run(
                tree,
                "env",
                "GIT_AUTHOR_DATE=2023-01-01T00:00:00Z",
                "GIT_COMMITTER_DATE=" + COMMITTED,
                "git",
                "-c",
                "user.name=Ada",
                "-c",
                "user.email=ada@example.org",
                "-c",
                "core.hooksPath=/dev/null",
                "commit",
                "--quiet",
                "--message=" + message);
        return git("rev-parse", "HEAD").strip();
    }

    private String git(String... words) throws IOException {
        return FakeKernel.run(
                tree, Stream.concat(Stream.of("git"), Stream.of(words)).toArray(String[]::new));
    }

    /** What is in the files, but for git's own. */
    private static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new java.util.TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String name = folder.relativize(path).toString();
                if (!name.startsWith(".git/")) {
                    content.put(name, Files.readString(path));
                }
            }
        }
        return content;
    }
}
