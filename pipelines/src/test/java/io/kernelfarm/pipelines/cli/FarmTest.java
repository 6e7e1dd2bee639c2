package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.pipelines.AptWithoutNetwork;
import io.kernelfarm.pipelines.FarmProcess;
import io.kernelfarm.pipelines.FarmProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, in a process of its own: what it says, where, and with which exit code. */
class FarmTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "run --help",
                "build --help",
                "package --help",
                "publish --help",
                "boot --help",
                "bisect --help",
                "bench --help",
                "bench matrix --help",
                "bench flake --help",
                "bench planning --help",
                "dashboard --help",
                "serve --help",
                "promote --help",
                "doctor --help",
                "config --help",
                "config check --help",
                "config explain --help",
                "config diff --help"
            })
    void everyVerbHasHelp(String words) throws IOException, InterruptedException {
        Result result = farm(words.split(" "));

        assertThat(result.exit()).isZero();
        assertThat(result.out()).startsWith("Usage: farm");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void theHelpExplainsTheExitCodes() throws IOException, InterruptedException {
        assertThat(farm("--help").out())
                .contains(
                        "0   done and proved", "1   the kernel failed", "2   the command line", "3   the farm itself");
    }

    @Test
    void wrongWordsAreWrongUsage() throws IOException, InterruptedException {
        assertUsage(farm(), "farm: no verb given; './farm --help' lists them");
        assertUsage(farm("biuld"), "farm: Unmatched argument at index 0: 'biuld'");
        assertUsage(farm("run", "--colour"), "farm: Unknown option: '--colour'");
        assertUsage(farm("package"), "farm: there is no run 'latest'");
        assertUsage(farm("bench"), "farm: no benchmark named; './farm bench --help' lists them");
        assertUsage(farm("config"), "farm: no question given; there are check, explain and diff");
    }

    @Test
    void aMissingSpecIsWrongUsageAndNothingIsWritten() throws IOException, InterruptedException {
        assertUsage(farm("run"), "farm: there is no spec kernel.yaml");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    @Test
    void aSpecsFaultIsNamedWithItsLine() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\n\nprofil: quick\n");

        Result result = farm("run");

        assertUsage(result, "farm: kernel.yaml:3: unknown key 'profil'; did you mean 'profile'?");
        assertThat(result.err()).hasLineCount(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anUnknownProfileIsWrongUsage() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quik\n");

        assertUsage(farm("run"), "farm: unknown profile 'quik'");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void anUnknownRunIsWrongUsage() throws IOException, InterruptedException {
        assertUsage(farm("package", "yesterday"), "farm: there is no run 'yesterday'");
        assertUsage(farm("config", "diff", "yesterday", "today"), "farm: there is no run 'yesterday'");
    }

    @Test
    void aStackTraceIsShownOnlyWhenAsked() throws IOException, InterruptedException {
        assertThat(farm("package", "yesterday").err()).doesNotContain("\tat ");
        assertThat(farm("package", "--debug", "yesterday").err()).contains("\tat io.kernelfarm.pipelines");
    }

    @Test
    void theDoctorSaysWhatIsThereAndWhatIsNot() throws IOException, InterruptedException {
        Result healthy = farm("doctor");
        assertThat(healthy.out())
                .containsPattern("ok +gcc +[0-9]+\\.[0-9]")
                .containsPattern("ok +kvm +(works: |does not work, or slower than emulation: not used)")
                .containsPattern("ok +mode dom0-pv +nothing known against it");

        Path empty = Files.createDirectory(folder.resolve("no programs here"));
        Result bare = FarmProcess.run(folder, Map.of("PATH", empty.toString()), withPlaces("doctor"));
        assertThat(bare.exit()).isEqualTo(3);
        assertThat(bare.out()).containsPattern("MISSING +gcc +missing +compiles the kernel");
    }

    @Test
    void jsonIsAllThatIsOnTheStandardOutput() throws IOException, InterruptedException {
        assertThat(farm("doctor", "--json").out()).startsWith("[ {").endsWith("} ]\n");
    }

    @Test
    void configDiffComparesFiles() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("a"), "CONFIG_XEN=y\nCONFIG_HZ=250\n");
        Files.writeString(folder.resolve("b"), "# CONFIG_XEN is not set\nCONFIG_HZ=250\n");

        assertThat(farm("config", "diff", "a", "b").out()).isEqualTo("XEN: y -> n\n");
        assertThat(farm("config", "diff", "--json", "a", "b").out()).contains("\"option\" : \"XEN\"");
    }

    @Test
    void oneBootSaysNothingOfFlakes() throws IOException, InterruptedException {
        assertUsage(farm("bench", "flake", "--times", "1"), "farm: --times is 1; verdicts of one boot cannot differ");
    }

    @Test
    void planningIsSimulated() throws IOException, InterruptedException {
        Result result = farm("bench", "planning", "--cells", "300", "--over", "20", "--seed", "2");
        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .startsWith("300 cells over 20 simulated machines, seed 2\n")
                .containsPattern("finished +300 ")
                .containsPattern("ratio +1\\.");
        assertUsage(farm("bench", "planning", "--cells", "0"), "farm: --cells is 0 and --over is 500; both have");
    }

    @Test
    void aMachineIsNamedWithWordsAndAnUnknownOneIsWrongUsage() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quick\n");
        Files.writeString(folder.resolve("matrix.yaml"), "axes: {modes: [metal, pv], machines: [qemu]}\n");
        Files.writeString(folder.resolve("machines.yaml"), """
                machines:
                  - {name: rack1, bmc: 10.0.0.5, user: admin, password: {env: NO}, boot: {serve: '127.0.0.1:8069'}}
                """);
        String unknown = "farm: unknown machine 'rack2'; there are qemu, rack1, and those of one's own are listed in ";

        Result listed = farm(
                "boot",
                "--list",
                "--matrix",
                "matrix.yaml",
                "--machines",
                "machines.yaml",
                "--machine",
                "rack1",
                "--cells",
                "pv-*");

        assertThat(listed.exit()).isZero();
        assertThat(listed.out()).startsWith("pv-xen-4.17-bios-rack1 ").doesNotContain("qemu", "metal");
        assertUsage(
                farm("boot", "--list", "--matrix", "matrix.yaml", "--machines", "machines.yaml", "--machine", "rack2"),
                unknown);
        assertUsage(farm("run", "--machines", "machines.yaml", "--machine", "rack2"), unknown);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void withoutAJenkinsItSaysWhereOneIsNamed() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quick\n");
        String named = "farm: no Jenkins is named; unpack one into a folder";

        for (Result none : List.of(
                FarmProcess.run(folder, Map.of("JENKINS_DIST", ""), withPlaces("jenkins")),
                FarmProcess.run(folder, Map.of("JENKINS_DIST", ""), "bench", "jenkins"))) {
            assertUsage(none, named);
            assertThat(none.err()).hasLineCount(1).contains("--dist DIR or JENKINS_DIST=DIR");
        }
        assertUsage(farm("jenkins", "--dist", "."), "farm: there is no Jenkins in " + folder.toAbsolutePath());
    }

    @Test
    void eventsGoWhereTheyCan() throws IOException, InterruptedException {
        Path run = booted("old", Verdict.PASS, "");
        assertUsage(
                farm("boot", run.toString(), "--events", "-", "--json"),
                "farm: --json and '--events -' both want the standard output; name a file for the events");
        assertUsage(
                farm("boot", run.toString(), "--events", "nowhere/events"),
                "farm: the events cannot be written: nowhere/events (No such file or directory)");
    }

    @Test
    void aRunThatEndsEarlyEndsItsEventsToo() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: quick\n");
        Map<String, String> noNetwork = AptWithoutNetwork.in(folder);

        Result result = FarmProcess.run(folder, noNetwork, "run", "--cache", "cache", "--events", "-");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.out().lines())
                .allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"))
                .first()
                .asString()
                .startsWith("{\"event\":\"run-started\"");
        assertThat(result.out())
                .contains("\"stage\":\"source\",\"verdict\":\"ERROR\"")
                .containsPattern("\"event\":\"run-finished\".*\"verdict\":\"ERROR\".*\n$");
        assertThat(result.err()).contains("source: started", "farm: apt knows no package");
    }

    @Test
    void runsAreCompared() throws IOException, InterruptedException {
        Path before = booted("before", Verdict.PASS, "");
        Path after = booted("after", Verdict.FAIL, "it crashed in state KERNEL");

        Result worse = farm("boot", "--compare", before.toString(), after.toString());
        assertThat(worse.out())
                .startsWith("worse       metal-none-bios-qemu   PASS -> FAIL     it crashed in state KERNEL\n");
        assertThat(worse.exit()).isEqualTo(1);
        Result better = farm("boot", "--json", "--compare", after.toString(), before.toString());
        assertThat(better.out()).contains("\"kind\" : \"better\"", "\"cell\" : \"metal-none-bios-qemu\"");
        assertThat(better.exit()).isZero();

        Files.delete(after.resolve("boot/matrix.json"));
        assertUsage(
                farm("boot", "--compare", before.toString(), after.toString()),
                "farm: run after has no boot matrix to compare; './farm boot after' boots it");
        assertUsage(farm("boot", "--compare", before.toString()), "farm: option '--compare'");
        assertUsage(farm("boot", "--compare", before.toString(), "x"), "farm: there is no run 'x'");
    }

    /** A run of one cell. */
    private Path booted(String id, Verdict verdict, String reason) throws IOException {
        Path run = Files.createDirectories(folder.resolve(id));
        Files.writeString(run.resolve("run.json"), "{}");
        CellResult cell = new CellResult(
                new Cell(Mode.METAL, "none", "bios", "qemu", true),
                verdict,
                false,
                reason,
                5,
                "",
                "",
                List.of(),
                List.of());
        MatrixResult matrix =
                new MatrixResult(new KernelId("6.1.192-" + id, "", ""), "", "", Instant.EPOCH, 5, List.of(cell));
        MatrixJson.write(matrix, run.resolve("boot/matrix.json"));
        return run;
    }

    private static void assertUsage(Result result, String sentence) {
        assertThat(result.err()).startsWith(sentence);
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }

    private Result farm(String... words) throws IOException, InterruptedException {
        return FarmProcess.run(
                folder, Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()), words);
    }

    private String[] withPlaces(String verb) {
        return new String[] {verb, "--cache", folder.resolve("cache").toString()};
    }
}
