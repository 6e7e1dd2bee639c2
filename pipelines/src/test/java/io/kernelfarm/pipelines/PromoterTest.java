package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels go to the channel for everybody with the matrix that proves them, or not at all. */
class PromoterTest {

    private static final String ID = "20260102T030405Z-abcdef";
    private static final String RELEASE = "6.1.192-farm1";

    private static final Progress SILENT = new SilentProgress();

    @TempDir
    private Path folder;

    private FarmRun.Places places;

    @BeforeEach
    void lay() {
        places = SampleRun.places(folder);
    }

    private Promoter promoter(RunLayout run) {
        return new Promoter(run, "stable", "ada@build-7", Terms.OF_SPEC, places, SILENT);
    }

    private FarmException refused(RunLayout run) {
        FarmException refused =
                catchThrowableOfType(FarmException.class, () -> promoter(run).promote());
        assertThat(inStable(run)).isEmpty();
        return refused;
    }

    /** The run's packages that stable has. */
    private Set<String> inStable(RunLayout run) {
        try {
            Spec spec = Json.read(run.record(), RunRecord.class).spec();
            Repositories repositories =
                    Repositories.of(places.out(), places.key().key(SILENT), spec);
            List<String> all = sha256s(run);
            Set<String> had = repositories.had(true, "stable", all);
            had.addAll(repositories.had(false, "stable", all));
            return had;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> sha256s(RunLayout run) throws IOException {
        return Publication.read(run).packages().stream()
                .map(Publication.Item::sha256)
                .toList();
    }

    private List<Promotion> recorded() throws IOException {
        return new Promotions(places.out()).all();
    }

    @Test
    void aProvedKernelIsPromotedOnceAndTheEvidenceIsWrittenDown() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());

        Promoter.Outcome first = promoter(run).promote();
        Promoter.Outcome second = promoter(run).promote();

        assertThat(first.already()).isFalse();
        assertThat(second.already()).isTrue();
        assertThat(inStable(run)).containsExactlyInAnyOrderElementsOf(sha256s(run));
        assertThat(recorded()).containsExactly(first.promotion());
        Promotion promotion = first.promotion();
        assertThat(promotion.by()).isEqualTo("ada@build-7");
        assertThat(promotion.run()).isEqualTo(ID);
        assertThat(promotion.evidence().matrixSha256()).isEqualTo(Sha256.of(run.matrix()));
        assertThat(promotion.evidence().imageSha256())
                .isEqualTo(Sha256.of(run.build().image()));
        assertThat(promotion.evidence().verdicts())
                .hasSize(SampleRun.allPass().size())
                .containsEntry("pvhvm-xen-4.17-bios-qemu", Verdict.PASS);
        assertThat(Files.readString(places.out().promotions()))
                .hasLineCount(1)
                .startsWith("{\"action\":\"promote\",")
                .endsWith("}\n");
        assertThat(places.out().repository().resolve("kernel-farm-stable.sources"))
                .exists();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "ERROR", "MISS"})
    void oneRequiredCellThatDidNotPassIsEnoughToRefuse(Verdict verdict) throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        Map<Mode, Verdict> verdicts = new EnumMap<>(SampleRun.allPass());
        verdicts.put(Mode.PVH, verdict);
        SampleRun.boot(run, verdicts);

        FarmException refused = refused(run);

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.KERNEL);
        assertThat(refused)
                .hasMessage(RELEASE + " of run " + ID + " is not promoted to stable: pvh-xen-4.17-bios-qemu: " + verdict
                        + " (it did not do)");
        assertThat(places.out().promotions()).doesNotExist();
    }

    @Test
    void everyCellThatDidNotPassIsNamedAndOneThatIsNotThereIsOne() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        Map<Mode, Verdict> verdicts = new EnumMap<>(SampleRun.allPass());
        verdicts.put(Mode.PV, Verdict.FAIL);
        verdicts.put(Mode.HVM, Verdict.ERROR);
        verdicts.remove(Mode.METAL);
        SampleRun.boot(run, verdicts);

        assertThat(refused(run))
                .hasMessageContaining("pv-xen-4.17-bios-qemu: FAIL (it did not do); ")
                .hasMessageContaining("hvm-xen-4.17-bios-qemu: ERROR (it did not do); ")
                .hasMessageEndingWith(
                        "metal-none-bios-qemu: MISS (the spec asks for it, and the matrix has no such cell)");
    }

    @Test
    void whatPassedOnAnotherMachineThanTheSpecsIsNotProved() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass(), Build.read(run.build()).imageSha256(), "rack1");

        assertThat(refused(run).blame()).isEqualTo(FarmException.Blame.KERNEL);
        assertThat(refused(run))
                .hasMessageContainingAll(SampleRun.allPass().keySet().stream()
                        .map(mode -> mode.id() + (mode == Mode.METAL ? "-none" : "-xen-4.17")
                                + "-bios-qemu: MISS (the spec asks for it")
                        .toArray(String[]::new));
        assertThat(places.out().promotions()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"qemu, PV, SKIP, false", "rack1, PV, SKIP, false", "rack1, METAL, SKIP, true", "rack1, PV, FAIL, false"
    })
    void anotherMatrixDoesNotFreeTheKernelOfWhatTheSpecNeeds(String machine, Mode mode, Verdict verdict, boolean proved)
            throws IOException {
        RunLayout run = SampleRun.built(places, ID, RELEASE, "1", 1, "");
        Map<Mode, Verdict> verdicts = new EnumMap<>(SampleRun.allPass());
        verdicts.put(mode, verdict);
        SampleRun.boot(run, verdicts, "ab".repeat(32), machine);
        MatrixResult matrix = MatrixJson.read(run.matrix());
        MatrixResult optional = new MatrixResult(
                matrix.kernel(),
                matrix.control(),
                matrix.emulator(),
                matrix.started(),
                matrix.seconds(),
                matrix.cells().stream().map(cell -> optional(cell, verdict)).toList());
        MatrixSpec asked = new MatrixSpec(
                new MatrixSpec.Axes(null, null, null, List.of(machine)), null, null, null, null, null, null);

        List<String> lacking = Promoter.lacking(optional, asked);

        if (proved) {
            assertThat(lacking).isEmpty();
        } else {
            assertThat(lacking)
                    .containsExactly("pv-xen-4.17-bios-" + machine + ": " + verdict
                            + " (the spec asks for it, and another matrix was booted)");
        }
    }

    /** The same, but not needed if it came to {@code verdict}. */
    private static CellResult optional(CellResult result, Verdict verdict) {
        Cell cell = result.cell();
        return new CellResult(
                new Cell(cell.mode(), cell.hypervisor(), cell.firmware(), cell.machine(), result.verdict() != verdict),
                result.verdict(),
                result.flaky(),
                result.reason(),
                result.seconds(),
                result.imageSha256(),
                result.console(),
                result.checks(),
                result.attempts());
    }

    @Test
    void whatAFakeMachinePlayedComesIntoNoChannelButTheRehearsal() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "boot: {machine: fake}\n");
        String image = Build.read(run.build()).imageSha256();
        SampleRun.boot(run, SampleRun.allPass(), image, "fake");

        FarmException refused = refused(run);
        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused)
                .hasMessage("run " + ID + " is not promoted to stable: it was booted on a fake machine, which proves"
                        + " nothing; boot it on another one, or promote it to the channel rehearsal, where nothing is"
                        + " proved");
        assertThat(places.out().promotions()).doesNotExist();

        Promoter.Outcome outcome = new Promoter(run, "rehearsal", "ada", Terms.OF_SPEC, places, SILENT).promote();
        assertThat(outcome.promotion().evidence().verdicts()).containsEntry("pv-xen-4.17-bios-fake", Verdict.PASS);
        for (String file : List.of("kernel-farm-rehearsal.sources", "kernel-farm-rehearsal.repo")) {
            assertThat(places.out().repository().resolve(file))
                    .content()
                    .startsWith("# A rehearsal: nothing in this channel was proved to boot.\n");
        }
        // What is in the rehearsal is no nearer to stable than before.
        assertThat(refused(run)).hasMessageContaining("proves nothing");
    }

    /** One that somebody has changed, or that was put together from what several agents booted. */
    @Test
    void oneSignOfAFakeMachineInAMatrixIsEnoughToRefuse() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        String image = Build.read(run.build()).imageSha256();

        SampleRun.boot(run, SampleRun.allPass(), image, "fake");
        String played = Files.readString(run.matrix());
        Files.writeString(run.matrix(), played.replace("\"machine\": \"fake\"", "\"machine\": \"qemu\""));
        assertThat(MatrixJson.read(run.matrix()).cells())
                .allMatch(cell -> cell.cell().machine().equals("qemu"));
        assertThat(refused(run)).hasMessageContaining("it was booted on a fake machine");

        Files.writeString(run.matrix(), played.replace(FakeMachine.DESCRIPTION, "QEMU"));
        assertThat(MatrixJson.read(run.matrix()).emulator()).isEqualTo("QEMU");
        assertThat(refused(run)).hasMessageContaining("it was booted on a fake machine");

        SampleRun.boot(run, SampleRun.allPass());
        MatrixResult real = MatrixJson.read(run.matrix());
        List<CellResult> mixed = new ArrayList<>(real.cells());
        CellResult pv = mixed.get(mixed.size() - 1);
        mixed.add(new CellResult(
                new Cell(Mode.METAL, "none", "bios", "fake", false),
                Verdict.PASS,
                false,
                "",
                1,
                image,
                "",
                pv.checks(),
                pv.attempts()));
        MatrixJson.write(
                new MatrixResult(real.kernel(), "", "QEMU", real.started(), real.seconds(), mixed), run.matrix());
        assertThat(refused(run)).hasMessageContaining("it was booted on a fake machine");

        SampleRun.boot(run, SampleRun.allPass());
        assertThat(promoter(run).promote().already()).isFalse();
    }

    @Test
    void aKernelThatWasNotBootedOrAnotherOnesMatrixIsWrongUsage() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");

        FarmException never = refused(run);
        assertThat(never.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(never).hasMessage("run " + ID + " has not been booted; do it with './farm boot " + ID + "'");

        SampleRun.boot(run, SampleRun.allPass(), "ef".repeat(32));
        FarmException another = refused(run);
        assertThat(another.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(another)
                .hasMessageStartingWith("the matrix of run " + ID + " is of another kernel (image " + "ef".repeat(32));
    }

    @Test
    void whatLiesInTheRepositoryIsLookedAtAgain() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        Publication.Item item = Publication.read(run).packages().get(0);
        Path file = places.out().root().resolve(item.path());
        Files.write(file, new byte[] {0}, StandardOpenOption.APPEND);

        FarmException tampered = refused(run);

        assertThat(tampered.blame()).isEqualTo(FarmException.Blame.FARM);
        assertThat(tampered).hasMessageStartingWith(file + " is not what run " + ID + " published");
    }

    @Test
    void aBuildThatAnotherOneReplacedInItsChannelIsNotPromoted() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        SampleRun.published(places, "20260102T030406Z-abcdef", RELEASE, 2, "");

        assertThat(refused(run))
                .hasMessageStartingWith("channel testing no longer has linux-image-" + RELEASE)
                .hasMessageEndingWith("publish it again with './farm publish " + ID + "'");
    }

    @Test
    void aPromotionIsUndoneAndThatIsWrittenDownAsWell() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        FarmException nothing =
                catchThrowableOfType(FarmException.class, () -> promoter(run).undo());
        assertThat(nothing.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(nothing).hasMessage("run " + ID + " is not promoted to stable; there is nothing to undo");
        promoter(run).promote();

        promoter(run).undo();

        assertThat(inStable(run)).isEmpty();
        assertThat(recorded())
                .extracting(Promotion::action)
                .containsExactly(Promotion.Action.PROMOTE, Promotion.Action.UNDO);
        String image = Sha256.of(run.build().image());
        assertThat(ChannelContents.decisions(places.out()).get(ID))
                .allMatch(decided -> decided.image().equals(image))
                .extracting(decided -> decided.promotion().what())
                .containsExactly("promoted to stable", "taken out of stable");
        assertThat(catchThrowableOfType(FarmException.class, () -> promoter(run).undo()))
                .isNotNull();
        assertThat(promoter(run).promote().already()).isFalse();
        assertThat(inStable(run)).hasSameSizeAs(sha256s(run));
    }

    @Test
    void whatTwoRunsHaveInCommonStaysAsLongAsOneOfThemIsPromoted() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        RunLayout same = SampleRun.published(places, "20260102T030406Z-abcdef", RELEASE, 1, "");
        assertThat(sha256s(same)).isEqualTo(sha256s(run));
        for (RunLayout one : List.of(run, same)) {
            SampleRun.boot(one, SampleRun.allPass());
            promoter(one).promote();
        }

        promoter(run).undo();
        assertThat(inStable(same)).hasSameSizeAs(sha256s(same));
        promoter(same).undo();
        assertThat(inStable(same)).isEmpty();
    }

    @Test
    void aPromotionThatEndedBetweenTheRepositoriesIsFinishedByTheNext() throws IOException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        Path obstacle = Files.createDirectory(places.out().dnfRepository().resolve("stable"));
        assertThat(catchThrowableOfType(FarmException.class, () -> promoter(run).promote()))
                .isNotNull();
        assertThat(places.out().promotions()).doesNotExist();
        Files.delete(obstacle);
        assertThat(inStable(run)).isNotEmpty().hasSizeLessThan(sha256s(run).size());
        assertThat(places.out().promotionBegun()).exists();

        RunLayout other = SampleRun.published(places, "20260102T030406Z-abcdef", "6.1.193-farm1", 2, "");
        SampleRun.boot(other, SampleRun.allPass());
        promoter(other).promote();

        assertThat(inStable(run)).hasSameSizeAs(sha256s(run));
        assertThat(inStable(other)).hasSameSizeAs(sha256s(other));
        assertThat(recorded()).extracting(Promotion::run).containsExactly(ID, other.id());
    }

    @Test
    void killedAtAnyMomentItIsCompletedByTheNextPromote() throws IOException, InterruptedException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        SampleRun.boot(run, SampleRun.allPass());
        FarmProcess farm = FarmProcess.start(
                folder,
                Map.of(KeyPlace.VARIABLE, TestKeyFile.file().toString()),
                io.kernelfarm.pipelines.cli.Farm.class,
                "promote",
                ID,
                "--cache",
                "cache");
        Path begun = places.out().promotionBegun();
        while (!Files.exists(begun) && farm.handle().isAlive()) {
            Thread.onSpinWait();
        }
        farm.handle().destroyForcibly();
        assertThat(farm.endsWithin(10)).isTrue();

        promoter(run).promote();

        assertThat(inStable(run)).hasSameSizeAs(sha256s(run));
        assertThat(recorded()).hasSize(1);
        assertThat(begun).doesNotExist();
    }

    @Test
    void channelsKeepAsManyReleasesAsTheSpecSays() throws IOException {
        String keep = "keep: {testing: 1, stable: 2}\n";
        RunLayout first = SampleRun.published(places, ID, RELEASE, 1, keep);
        SampleRun.boot(first, SampleRun.allPass());
        promoter(first).promote();
        RunLayout second = SampleRun.published(places, "20260102T030406Z-abcdef", "6.1.193-farm1", 2, keep);

        Repositories repositories = Repositories.of(
                places.out(),
                places.key().key(SILENT),
                Json.read(first.record(), RunRecord.class).spec());
        assertThat(repositories.of(true).packages("testing"))
                .extracting(one -> one.sha256())
                .containsExactlyElementsOf(sha256s(second)
                        .subList(0, repositories.of(true).packages("testing").size()));
        assertThat(repositories.had(false, "testing", sha256s(first))).isEmpty();
        assertThat(inStable(first)).hasSameSizeAs(sha256s(first));
    }

    @Test
    void theCommandSaysWhatItDidAndTheDashboardShowsIt() throws IOException, InterruptedException {
        RunLayout run = SampleRun.published(places, ID, RELEASE, 1, "");
        places.out().setLatest(run);
        SampleRun.boot(run, SampleRun.allPass());

        FarmProcess.Result promoted = farm("promote", "--by", "ada <script> (Jenkins)");
        assertThat(promoted.err()).isEmpty();
        assertThat(promoted.exit()).isZero();
        assertThat(promoted.out())
                .startsWith(RELEASE + " of run " + ID
                        + " is now in stable: 6 required cells passed, ada <script> (Jenkins) decided at ")
                .contains("kernel-farm-stable.sources", "kernel-farm-stable.repo")
                .doesNotContain("trusted=yes", "gpgcheck=0");
        String page = Files.readString(places.out().dashboard().run(ID));
        assertThat(page)
                .contains("promoted to stable", "ada &lt;script&gt; (Jenkins)", Sha256.of(run.matrix()))
                .contains(">testing</span>", ">stable</span>", "sbom.cdx.json.asc", "ab".repeat(6));

        FarmProcess.Result undone = farm("promote", "--undo", "--json");
        assertThat(undone.exit()).isZero();
        assertThat(undone.out()).contains("\"action\" : \"undo\"");
        assertThat(Files.readString(places.out().dashboard().run(ID)))
                .contains("taken out of stable")
                .doesNotContain(">stable</span>");

        assertThat(farm("promote", "--undo").err()).startsWith("farm: run " + ID + " is not promoted to stable");
        assertThat(farm("promote", "--to", "../stable").err()).startsWith("farm: '../stable' is no channel");
        FarmProcess.Result nobody = farm("promote", "--by", " ");
        assertThat(nobody.exit()).isEqualTo(2);
        Map<Mode, Verdict> verdicts = new EnumMap<>(SampleRun.allPass());
        verdicts.put(Mode.PV, Verdict.FAIL);
        SampleRun.boot(run, verdicts);
        FarmProcess.Result refused = farm("promote");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("pv-xen-4.17-bios-qemu: FAIL").hasLineCount(1);
        try (Stream<Path> files = Files.list(places.out().repository())) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("."));
        }
    }

    private FarmProcess.Result farm(String... words) throws IOException, InterruptedException {
        String[] all =
                Stream.concat(Stream.of(words), Stream.of("--cache", "cache")).toArray(String[]::new);
        return FarmProcess.run(
                folder, Map.of(KeyPlace.VARIABLE, TestKeyFile.file().toString()), all);
    }
}
