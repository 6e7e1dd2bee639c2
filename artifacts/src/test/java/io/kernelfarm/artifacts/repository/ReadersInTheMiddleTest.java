package io.kernelfarm.artifacts.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.openpgp.TestKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that asks again and again while a publisher publishes again and again never meets an error. */
class ReadersInTheMiddleTest {
    private static final int QUESTIONS = 10;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EnumSource
    void noClientSeesHalfAState(Family family) throws Exception {
        Path repositories = dir.resolve("repository");
        ExecutorService publisher = Executors.newSingleThreadExecutor();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        try (LoopbackServer server = new LoopbackServer(repositories, 10)) {
            RepositorySettings settings =
                    new RepositorySettings(server.url(), Duration.ofDays(1), Duration.ofSeconds(20));
            ClientConfiguration.write(repositories, server.url(), "testing", "", TestKey.first());
            Repository repository = family.open(repositories, TestKey.first(), settings);
            List<Path> packages = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                packages.add(family.write(dir.resolve("given"), "p" + i, "1", "x" + i));
            }
            repository.publish(packages.subList(0, 1), "testing");
            Future<?> publishing = publisher.submit(() -> {
                while (!enough.get()) {
                    // Comes and goes, so that each publication has other lists than the one before.
                    int next = published.incrementAndGet() % 5;
                    List<PublishedPackage> added = repository.publish(packages.subList(next, next + 1), "testing");
                    if (repository.packages("testing").size() > 3) {
                        repository.withdraw(List.of(added.get(0).sha256()), "testing");
                    }
                }
                return null;
            });
            try {
                Client client = Client.of(family, dir.resolve("client"), repositories);
                for (int i = 0; i < QUESTIONS; i++) {
                    assertThat(client.asks()).hasSizeBetween(1, 4);
                }
            } finally {
                enough.set(true);
                publishing.get();
            }
            assertThat(published.get()).isGreaterThan(QUESTIONS);
        } finally {
            publisher.shutdownNow();
        }
    }
}
