package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How faults of the kernel's tool come out; the real make runs Makefiles that have the fault. */
class KconfigToolTest {
    @TempDir
    Path folder;

    @Test
    void anErrorCarriesTheToolsLastWords() throws IOException {
        KernelTree tree = treeThatRuns("@echo 'flex: not found' >&2; exit 7");

        assertThatThrownBy(() -> ConfigResolver.resolve(empty(), tree))
                .isInstanceOf(KconfigException.class)
                .hasMessageContaining("allnoconfig ended with status 2 in " + tree.source())
                .hasMessageContaining("flex: not found");
    }

    @Test
    void refusesASourceThatIsNone() {
        KernelTree tree = new KernelTree(folder.resolve("letters"), folder.resolve("objects"), "x86_64");

        assertThatThrownBy(() -> ConfigResolver.resolve(empty(), tree))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith(
                        "letters is no kernel source: it has no Kconfig beside a Makefile with a VERSION");
        assertThat(tree.objects()).doesNotExist();
    }

    @Test
    @Timeout(60)
    void anInterruptEndsTheToolAndItsChildren() throws Exception {
        KernelTree tree = treeThatRuns("@echo $$$$ > $(O)/pid.new; mv $(O)/pid.new $(O)/pid; sleep 300; true");
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread resolving = new Thread(() -> {
            try {
                ConfigResolver.resolve(empty(), tree);
                outcome.complete(new AssertionError("it ended by itself"));
            } catch (IOException | InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        resolving.start();
        Path pidFile = tree.objects().resolve("pid");
        while (!Files.exists(pidFile)) {
            Thread.sleep(20);
        }
        ProcessHandle shell = ProcessHandle.of(
                        Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow();
        ProcessHandle make = shell.parent().orElseThrow();

        resolving.interrupt();

        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        shell.onExit().get(30, TimeUnit.SECONDS);
        make.onExit().get(30, TimeUnit.SECONDS);
    }

    private KernelTree treeThatRuns(String recipe) throws IOException {
        KernelTree tree = TinyTree.in(folder, "config A\n\tbool \"A\"\n");
        Path makefile = tree.source().resolve("Makefile");
        Files.writeString(makefile, Files.readString(makefile) + "allnoconfig:\n\t" + recipe + "\n");
        return tree;
    }

    private static Profile empty() {
        return new Profile("empty", "Nothing at all.", Base.ALLNOCONFIG, java.util.List.of());
    }
}
