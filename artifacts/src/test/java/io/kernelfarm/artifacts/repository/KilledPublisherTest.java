package io.kernelfarm.artifacts.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A program that publishes is killed with SIGKILL when it enters a system call that changes a directory, at each such call in
 * turn. After each, the real client sees the state before or the one after, and the next publication goes well and leaves
 * nothing lying about.
 */
@Tag("real")
class KilledPublisherTest {
    private static final List<String> CALLS = List.of("mkdir", "rename", "link", "symlink", "unlink", "rmdir");
    private static final int KILLED_BY_SIGKILL = 137;

    @TempDir
    private Path dir;

    private Path repositories;
    private Path keyFile;
    private SigningKey key;

    /** The program. */
    public static void main(String... words) throws IOException {
        publish(
                Family.valueOf(words[0]),
                Path.of(words[1]),
                SigningKey.read(Path.of(words[2])),
                Arrays.stream(words).skip(3).map(Path::of).toList());
    }

    private static List<PublishedPackage> publish(Family family, Path repositories, SigningKey key, List<Path> packages)
            throws IOException {
        URI url = URI.create("file://" + repositories);
        // With no time for what is superseded, removing it is a part of each publication.
        return family.open(repositories, key, new RepositorySettings(url, Duration.ofDays(1), Duration.ZERO))
                .publish(packages, "testing");
    }

    @BeforeEach
    void makeKey() throws IOException {
        repositories = dir.resolve("repository");
        keyFile = dir.resolve("key.asc");
        key = SigningKey.readOrCreate(keyFile, "Kernel Farm <kernel-farm@localhost>");
    }

    @ParameterizedTest
    @EnumSource
    void theStateIsTheOldOrTheNewOne(Family family) throws IOException {
        List<Path> before = List.of(
                family.write(dir.resolve("first"), "stays", "1", "x"),
                family.write(dir.resolve("first"), "changes", "1", "old"));
        List<Path> added = List.of(
                family.write(dir.resolve("second"), "changes", "1", "new"),
                family.write(dir.resolve("second"), "comes", "1", "y"));
        publish(family, repositories, key, before);
        ClientConfiguration.write(repositories, URI.create("file://" + repositories), "testing", "", key);
        Path start = dir.resolve("start");
        Tools.must("cp", "-a", repositories.toString(), start.toString());

        int killed = 0;
        Set<Boolean> seen = new HashSet<>();
        for (String call : CALLS) {
            int exit = KILLED_BY_SIGKILL;
            for (int when = 1; exit == KILLED_BY_SIGKILL; when++) {
                Tools.must(
                        "rm",
                        "-rf",
                        repositories.toString(),
                        dir.resolve("client").toString());
                Tools.must("cp", "-a", start.toString(), repositories.toString());
                Tools.Result result = program(family, call, when, added);
                exit = result.exit();
                assertThat(exit).as(result.output()).isIn(0, KILLED_BY_SIGKILL);
                if (exit == KILLED_BY_SIGKILL) {
                    killed++;
                    seen.add(judge(family, call + " " + when, added));
                }
            }
        }
        assertThat(killed).isGreaterThan(20);
        assertThat(seen).containsExactlyInAnyOrder(true, false);
    }

    private Tools.Result program(Family family, String call, int when, List<Path> packages) {
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":signal=SIGKILL:when=" + when,
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Else it makes and removes files of its own.
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                KilledPublisherTest.class.getName(),
                family.name(),
                repositories.toString(),
                keyFile.toString()));
        packages.forEach(one -> command.add(one.toString()));
        return Tools.run(Map.of(), command);
    }

    /** Whether the client sees the new state. */
    private boolean judge(Family family, String moment, List<Path> added) throws IOException {
        Client client = Client.of(family, dir.resolve("client"), repositories);
        List<String> sees = client.asks();
        assertThat(Set.copyOf(sees))
                .as(moment)
                .isIn(Set.of("stays 1-1", "changes 1-1"), Set.of("stays 1-1", "changes 1-1", "comes 1-1"));

        publish(family, repositories, key, added);
        assertThat(client.asks()).as(moment).containsExactlyInAnyOrder("stays 1-1", "changes 1-1", "comes 1-1");
        Repository repository =
                family.open(repositories, key, RepositorySettings.of(URI.create("file://" + repositories)));
        Set<Path> named = repository.packages("testing").stream()
                .map(PublishedPackage::path)
                .collect(Collectors.toSet());
        assertThat(files(family.root(repositories).resolve("pool"))).as(moment).isEqualTo(named);
        try (Stream<Path> states = Files.list(family.root(repositories).resolve("states/testing"))) {
            assertThat(states).as(moment).hasSize(1).noneMatch(state -> state.getFileName()
                    .toString()
                    .startsWith("."));
        }
        return sees.size() == 3;
    }

    private static Set<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).collect(Collectors.toSet());
        }
    }
}
