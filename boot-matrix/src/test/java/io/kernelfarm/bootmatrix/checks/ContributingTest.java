package io.kernelfarm.bootmatrix.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a check in CONTRIBUTING.md does what is said of it. */
class ContributingTest {

    private static final String NONCE = "00c0ffee00c0ffee";

    @TempDir
    private Path folder;

    @Test
    void theExampleOfACheckAsksAndJudges() throws Exception {
        String page = Files.readString(Path.of("../CONTRIBUTING.md"));
        String section = page.substring(page.indexOf("## Add a check"));
        Path source = Files.writeString(folder.resolve("EntropyCheck.java"), block(section, "java"));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(status).as("the compiler's status").isZero();

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Check check = (Check) loader.loadClass("io.kernelfarm.bootmatrix.checks.EntropyCheck")
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(section).contains("initramfs/checks/" + check.name() + ".sh");
            String answered = run(block(section, "sh"));
            assertThat(answered).matches("bits=\\d+");
            assertThat(judge(check, answered).reason()).isEmpty();
            assertThat(judge(check, "bits=12").reason()).isEqualTo("the kernel has 12 random bits instead of 256");
            assertThat(judge(check, "nothing=1").reason()).isNotEmpty();
        }
    }

    private static String block(String page, String language) {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).as("a block of " + language).isTrue();
        return block.group(1);
    }

    /** By the shell that it has inside a cell. */
    private static String run(String script) throws IOException {
        Process shell = new ProcessBuilder("busybox", "sh", "-c", "answer() { echo \"$*\"; }\n" + script).start();
        return new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
    }

    private static Finding judge(Check check, String answer) {
        Cell cell = new Cell(Mode.PV, "xen-4.17", "bios", "qemu", true);
        BootWatch watch = BootWatch.ofMachine(cell, NONCE, Path.of("console.log"), (ignored, state) -> {});
        watch.line("farm:" + NONCE + ":" + check.name() + "." + answer);
        return check.judge(new Answers(check.name(), Mode.PV, watch));
    }
}
