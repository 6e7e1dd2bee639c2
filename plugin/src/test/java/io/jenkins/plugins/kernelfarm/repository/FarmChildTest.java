package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a child process: a real Java, with a program of this test in place of the farm. */
class FarmChildTest {
    @TempDir
    private Path folder;

    private FarmChild child;

    /** What the child runs. */
    public static final class Program {
        private Program() {}

        public static void main(String[] words) throws InterruptedException {
            System.out.println("words " + List.of(words));
            System.err.println(
                    "key " + System.getenv("KERNEL_FARM_KEY") + ", home " + System.getenv("HOME") + ", other "
                            + System.getenv("FARM_CHILD_TEST") + ", memory "
                            + Runtime.getRuntime().maxMemory() / (1 << 20));
            if (words[0].equals("wait")) {
                System.out.println("waiting " + ProcessHandle.current().pid());
                Thread.sleep(600_000);
            }
            System.exit(3);
        }
    }

    @BeforeEach
    void aJarThatLeadsToTheTestsClasses() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Path.of("target/test-classes").toUri().toString());
        Path jar = folder.resolve("farm.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.flush();
        }
        child = new FarmChild(jar, 128, folder, Map.of("KERNEL_FARM_KEY", "place of the key"));
    }

    @Test
    void itGetsItsWordsAndNothingOfTheControllersEnvironment() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        FarmChild.Result result = child.run(List.of("promote", "a b", "--by='x\""), lines::add);

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("words [promote, a b, --by='x\"]\n");
        assertThat(result.err()).startsWith("key place of the key, home " + folder + ", other null, memory 12");
        assertThat(lines).hasSize(2);
    }

    @Test
    void whoeverIsInterruptedTakesItAlong() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicReference<String> pid = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                child.run(List.of("wait"), line -> {
                    if (line.startsWith("waiting ")) {
                        pid.set(line.substring("waiting ".length()));
                        waiting.countDown();
                    }
                });
            } catch (IOException | InterruptedException e) {
                thrown.set(e);
            }
        });
        caller.start();
        waiting.await();
        caller.interrupt();
        caller.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(ProcessHandle.of(Long.parseLong(pid.get())).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void aProgramThatIsNotThereSaysSo() {
        assertThatThrownBy(() -> {
                    FarmChild.Result result = new FarmChild(folder.resolve("none.jar"), 128, folder, Map.of())
                            .run(List.of("x"), line -> {});
                    assertThat(result.code()).isZero();
                })
                .isInstanceOf(AssertionError.class);
    }
}
