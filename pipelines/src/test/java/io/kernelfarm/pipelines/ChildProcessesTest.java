package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessesTest {

    @TempDir
    private Path folder;

    /** A program with a child that ignores TERM, a grandchild, and one that has left the family. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] words) throws IOException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> ChildProcesses.stopAll(Duration.ofSeconds(1))));
            Command.of("sh", "-c", "trap '' TERM; sleep 600 & (setsid sleep 601 &) ; while :; do sleep 602; done")
                    .run();
        }
    }

    /** A program that says what came of its child. */
    static final class Teller {
        private Teller() {}

        public static void main(String[] words) throws IOException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> ChildProcesses.stopAll(Duration.ofSeconds(1))));
            Command.Result result = Command.of("sleep", "600").run();
            System.out.println("sleep ended with " + result.exit());
        }
    }

    @Test
    void aChildThatDiesOfTheSignalBeforeTheFarmHasItIsNoResult() throws IOException, InterruptedException {
        FarmProcess teller = start(Teller.class);

        child(teller).destroy();
        teller.handle().destroy();

        assertThat(teller.result().out()).isEmpty();
    }

    @Test
    void aChildThatDiesAloneIsAResult() throws IOException, InterruptedException {
        FarmProcess teller = start(Teller.class);

        child(teller).destroy();

        assertThat(teller.result().out()).isEqualTo("sleep ended with 143\n");
    }

    private FarmProcess start(Class<?> main) throws IOException, InterruptedException {
        FarmProcess started = FarmProcess.start(folder, Map.of(), main);
        while (started.offspring().isEmpty()) {
            assertThat(started.handle().isAlive()).isTrue();
            Thread.sleep(50);
        }
        return started;
    }

    private static ProcessHandle child(FarmProcess parent) {
        return parent.handle().children().findFirst().orElseThrow();
    }

    @Test
    void termEndsChildrenAndGrandchildrenAndThoseThatLeft() throws IOException, InterruptedException {
        FarmProcess parent = FarmProcess.start(folder, Map.of(), Parent.class);
        while (parent.offspring().size() < 4) {
            assertThat(parent.handle().isAlive()).isTrue();
            Thread.sleep(50);
        }

        parent.handle().destroy();

        assertThat(parent.endsWithin(10)).isTrue();
        assertThat(parent.offspring()).isEmpty();
    }
}
