package io.jenkins.plugins.kernelfarm.collect;

import static io.jenkins.plugins.kernelfarm.collect.SampleRun.cell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.FilePath.FileCallable;
import hudson.model.TaskListener;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCollectorTest {
    private static final String ID = "20260131T120000Z-3fa9c1";
    private static final String FOLDER = "out/runs/" + ID;

    @TempDir
    private Path temp;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Path workspace;
    private KeptLayout kept;

    /** What an agent says that is as it should be. */
    private final class Honest implements Workspace {
        @Override
        public <T> T ask(FileCallable<T> question) throws IOException, InterruptedException {
            return question.invoke(workspace.toFile(), null);
        }
    }

    /** An agent that says of what it has just this. */
    private final class Lying implements Workspace {
        private final List<AgentFile> files;
        private final byte[] content;

        Lying(List<AgentFile> files, byte[] content) {
            this.files = files;
            this.content = content;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T ask(FileCallable<T> question) {
            return question instanceof AgentListing
                    ? (T) new ArrayList<>(files)
                    : question instanceof AgentDigest ? (T) "no digest" : (T) content;
        }
    }

    @BeforeEach
    void makeFolders() throws IOException {
        workspace = Files.createDirectories(temp.resolve("workspace"));
        kept = KeptLayout.ofBuild(temp.resolve("builds/5"));
    }

    private RunCollector collector(Workspace agent) {
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        TaskListener listener = new TaskListener() {
            @Override
            public PrintStream getLogger() {
                return out;
            }
        };
        return new RunCollector(kept, agent, listener);
    }

    private RunCollector.Collected collect() throws IOException, InterruptedException {
        return collector(new Honest()).collect(FOLDER);
    }

    private Path run(MatrixResult matrix) throws IOException {
        return SampleRun.write(workspace.resolve("out/runs"), ID, matrix);
    }

    private static MatrixResult passing() {
        return SampleRun.matrix(
                cell(Mode.METAL, "none", "qemu", Verdict.PASS), cell(Mode.PV, "xen-4.17", "qemu", Verdict.PASS));
    }

    private Set<String> keptFiles() throws IOException {
        try (Stream<Path> all = Files.walk(kept.folder())) {
            Set<String> names = new TreeSet<>();
            all.filter(Files::isRegularFile)
                    .forEach(file -> names.add(kept.folder().relativize(file).toString()));
            return names;
        }
    }

    @Test
    void keepsWhatPagesNeedAndNothingLarge() throws Exception {
        run(passing());

        RunCollector.Collected collected = collect();

        assertThat(keptFiles())
                .containsExactly(
                        ID + "/boot/consoles/metal-none-bios-qemu.log",
                        ID + "/boot/consoles/pv-xen-4.17-bios-qemu.log",
                        ID + "/boot/matrix.json",
                        ID + "/build/build.json",
                        ID + "/config/config",
                        ID + "/config/origins.json",
                        ID + "/packages.json",
                        ID + "/run.json",
                        "runs/" + ID + "/summary.json");
        assertThat(collected.packages())
                .extracting(KeptPackage::name)
                .hasSize(2)
                .allMatch(name -> name.matches(".*\\.(deb|rpm)"));
        assertThat(collected.run().verdict()).isEqualTo(Verdict.PASS);
        RunSummary summary = RunSummary.read(kept.dashboard().summary(ID)).orElseThrow();
        assertThat(summary.release()).isEqualTo("6.1.192-farm1");
        assertThat(summary.cells()).hasSize(2);
    }

    @Test
    void aDigestIsThatOfThePackage() throws Exception {
        run(passing());

        assertThat(collect().packages())
                .filteredOn(one -> one.name().endsWith(".rpm"))
                .extracting(KeptPackage::sha256)
                .containsExactly(sha256("an rpm"));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void symbolicLinksAreNeitherFollowedNorKept() throws Exception {
        Path run = run(passing());
        Path secret = Files.writeString(temp.resolve("secret"), "secret");
        Files.createSymbolicLink(run.resolve("boot/consoles/evil.log"), secret);
        Files.createSymbolicLink(run.resolve("boot/health"), temp);
        Files.createSymbolicLink(run.resolve("packages/evil.deb"), secret);

        RunCollector.Collected collected = collect();

        assertThat(keptFiles()).noneMatch(name -> name.contains("evil") || name.contains("health"));
        assertThat(collected.packages()).noneMatch(one -> one.name().contains("evil"));
    }

    @Test
    void aFolderThatIsALinkIsRefused() throws Exception {
        Path run = run(passing());
        Path elsewhere = Files.move(run.resolve("boot"), temp.resolve("elsewhere"));
        Files.createSymbolicLink(run.resolve("boot"), elsewhere);

        assertThat(collect().matrix()).isEmpty();
        assertThatThrownBy(() -> new AgentRead(FOLDER + "/boot/matrix.json", 0, 10).invoke(workspace.toFile(), null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("symbolic link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../evil",
                "boot/consoles/../../../evil.log",
                "/etc/cron.d/evil",
                "boot/consoles/a/b/c.log",
                "boot/consoles/.hidden",
                "boot/consoles/a\\b.log",
                "boot/consoles/a\u0000.log",
                "boot/consoles//x.log",
                "packages/../../evil.deb",
                "C:evil"
            })
    void namesThatLeadElsewhereAreNotTaken(String name) throws Exception {
        Lying agent = new Lying(List.of(new AgentFile(name, 4, 0)), "evil".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> collector(agent).collect(FOLDER)).hasMessageContaining("has no run.json");
        try (Stream<Path> all = Files.walk(temp)) {
            assertThat(all.map(Path::toString)).noneMatch(path -> path.contains("evil"));
        }
    }

    @Test
    void anAgentThatSendsMoreThanItWasAskedForIsNotListenedTo() {
        Lying agent = new Lying(List.of(new AgentFile("run.json", 4, 0)), new byte[1000]);

        assertThatThrownBy(() -> collector(agent).collect(FOLDER))
                .hasMessage("the agent sent more of " + FOLDER + "/run.json than it was asked for");
    }

    @Test
    void tooManyFilesAndTooLargeOnesAreRefused() {
        List<AgentFile> many = new ArrayList<>();
        for (int i = 0; i <= RunCollector.FILES; i++) {
            many.add(new AgentFile("boot/consoles/" + i + ".log", 1, 0));
        }
        Lying large = new Lying(List.of(new AgentFile("boot/matrix.json", 1L << 40, 0)), new byte[0]);

        assertThatThrownBy(() -> collector(new Lying(many, new byte[0])).collect(FOLDER))
                .hasMessageContaining("more than 5000 files");
        assertThatThrownBy(() -> collector(large).collect(FOLDER)).hasMessageContaining("boot/matrix.json has");
    }

    @Test
    void resultsOfManyGigabytesAreRefusedBeforeTheyAreCopied() {
        List<AgentFile> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            files.add(new AgentFile("boot/consoles/" + i + ".log", 1L << 40, 0));
        }

        assertThatThrownBy(() -> collector(new Lying(files, new byte[0])).collect(FOLDER))
                .hasMessageContaining("bytes of results");
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("only the first 67108864 are kept");
    }

    @Test
    void deepAndBrokenJsonIsOneSentence() throws Exception {
        Path run = run(passing());
        Files.writeString(run.resolve("boot/matrix.json"), "[".repeat(1_000_000));
        assertThatThrownBy(this::collect).isInstanceOf(IOException.class).hasMessageContaining("matrix.json");

        Files.writeString(run.resolve("boot/matrix.json"), "{\"version\":1,\"kernel\":7}");
        assertThatThrownBy(this::collect).hasMessageContaining("kernel is not an object");

        Files.writeString(run.resolve("run.json"), "{\"a\":".repeat(500_000));
        assertThatThrownBy(this::collect).isInstanceOf(IOException.class).hasMessageContaining("run.json is not JSON");
        assertThat(kept.run(ID)).doesNotExist();
        try (Stream<Path> left = Files.list(kept.folder())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theRecordOfAnotherRunIsRefused() throws Exception {
        Path run = run(passing());
        Files.writeString(
                run.resolve("run.json"),
                Files.readString(run.resolve("run.json")).replace(ID, "20260131T120000Z-ffffff"));

        assertThatThrownBy(this::collect).hasMessageContaining("names another run");
        assertThatThrownBy(() -> collector(new Honest()).collect("out/runs/../../etc"))
                .hasMessageContaining("is not the name of a run");
    }

    @Test
    void partsThatTwoAgentsBootedBecomeOneMatrix() throws Exception {
        run(SampleRun.matrix(
                cell(Mode.PV, "xen-4.17", "rack1", Verdict.PASS), cell(Mode.PV, "xen-4.17", "rack2", Verdict.MISS)));
        Files.writeString(workspace.resolve(FOLDER + "/boot/consoles/host-1.log"), "of rack1");
        collect();
        workspace = Files.createDirectories(temp.resolve("another"));
        MatrixResult second = SampleRun.matrix(
                cell(Mode.PV, "xen-4.17", "rack1", Verdict.MISS), cell(Mode.PV, "xen-4.17", "rack2", Verdict.FAIL));
        run(MatrixUnion.renamed(second, console -> console.isEmpty() ? "" : "consoles/host-1.log"));
        Files.writeString(workspace.resolve(FOLDER + "/boot/consoles/host-1.log"), "of rack2");

        RunCollector.Collected collected = collect();

        MatrixResult both = MatrixJson.read(kept.matrix(ID));
        assertThat(both.cells())
                .extracting(one -> one.cell().machine() + " " + one.verdict())
                .containsExactly("rack1 PASS", "rack2 FAIL");
        assertThat(collected.run().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(collected.matrix().orElseThrow().cells()).hasSize(2);
        Path console = kept.boot(ID).resolve(both.cells().get(1).console());
        assertThat(console).hasContent("of rack2").hasFileName("2-host-1.log");
        assertThat(kept.boot(ID).resolve("consoles/host-1.log")).hasContent("of rack1");
        assertThat(kept.boot(ID).resolve("consoles/pv-xen-4.17-bios-rack1.log")).exists();
    }

    @Test
    void cellsOfAnotherImageAreNotMixedIn() throws Exception {
        run(passing());
        collect();
        run(SampleRun.matrix("6.1.193-farm1", cell(Mode.PV, "xen-4.17", "qemu", Verdict.FAIL)));

        assertThatThrownBy(this::collect).hasMessageContaining("so that their cells are of one kernel");
        assertThat(MatrixJson.read(kept.matrix(ID))).isEqualTo(passing());
    }

    @Test
    void aRunWithoutAMatrixHasTheVerdictOfItsStages() throws Exception {
        SampleRun.withoutMatrix(workspace.resolve("out/runs"), ID, "done", Verdict.FAIL);
        assertThat(collect().run().verdict()).isEqualTo(Verdict.FAIL);

        SampleRun.withoutMatrix(workspace.resolve("out/runs"), ID, "interrupted", Verdict.PASS);
        RunCollector.Collected interrupted = collect();

        assertThat(interrupted.run().verdict()).isEqualTo(Verdict.MISS);
        assertThat(interrupted.run().read().note()).isEqualTo("The run was interrupted.");
    }
}
