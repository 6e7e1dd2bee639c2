package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not the kernel's fault: a full disk, a network that is not there. */
class FaultsTest {

    private static final String SPEC = "source: {debian: linux-source-6.1}\nprofile: quick\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSpec() throws IOException {
        Files.writeString(folder.resolve("kernel.yaml"), SPEC);
    }

    @AfterEach
    void unmount() throws IOException {
        if (Files.exists(folder.resolve("small"))) {
            Command.of("umount", folder.resolve("small").toString()).output();
        }
    }

    @Test
    void aDiskThatIsFullFromTheStartIsNamedWithItsRoom() throws IOException, InterruptedException {
        Path small = mount("64k");
        fill(small);

        FarmProcess.Result result =
                FarmProcess.run(folder, aptWithoutNetwork(), "build", "--out", "small/out", "--cache", "cache");

        assertThat(result.err())
                .startsWith("farm: the disk is full at " + small)
                .contains("(0.0 MB free)")
                .hasLineCount(1);
        assertThat(result.exit()).isEqualTo(3);
        assertThat(small.resolve("out/runs")).isEmptyDirectory();
    }

    @Test
    void aDiskThatFillsUpWhilePackagingIsTheFarmsFaultAndLeavesNoPackage() throws IOException {
        Path small = mount("1m");
        FarmRun.Places places = new FarmRun.Places(
                new OutLayout(small.resolve("out")), new CacheLayout(folder.resolve("cache")), TestKeyFile.place());
        RunLayout run = places.out().run("20260101T000000Z-aaaaaa");
        RunJournal.begin(run, RunRecord.begin(run.id(), Instant.EPOCH, SpecReader.read(folder.resolve("kernel.yaml"))));
        inventBuild(run.build());

        FarmException failed = catchThrowableOfType(FarmException.class, () -> FarmRun.pack(run, places, event -> {}));

        assertThat(failed.blame()).isEqualTo(FarmException.Blame.FARM);
        assertThat(failed).hasMessageContaining("the disk is full at ").hasMessageContaining(small.toString());
        assertThat(run.packages()).doesNotExist();
        assertThat(run.packages().resolveSibling("packages.part")).doesNotExist();
        fill(small);
        RunRecord record = Json.read(run.record(), RunRecord.class);
        assertThat(record.stages()).hasSize(1);
        assertThat(record.stages().get(0).reason()).isEqualTo(failed.getMessage());
    }

    @Test
    void withoutANetworkTheSentenceNamesThePackageAndTheRemedy() throws IOException, InterruptedException {
        FarmProcess.Result result = FarmProcess.run(folder, aptWithoutNetwork(), "build", "--cache", "cache");

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.err())
                .startsWith("farm: apt knows no package linux-source-6.1, and its lists cannot be updated (")
                .contains("check the network and the machine's apt configuration")
                .hasLineCount(1);
        RunLayout run = new OutLayout(folder.resolve("out")).find("latest");
        RunRecord record = Json.read(run.record(), RunRecord.class);
        assertThat(record.state()).isEqualTo(RunRecord.State.DONE);
        assertThat(record.verdict()).isEqualTo(io.kernelfarm.bootmatrix.Verdict.ERROR);
        assertThat(folder.resolve("cache/tmp"))
                .satisfiesAnyOf(temporary -> assertThat(temporary).doesNotExist(), temporary -> assertThat(temporary)
                        .isEmptyDirectory());
    }

    @Test
    void aPackageThatTheArchiveHasNotIsRefusedWithThoseThatItHas() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.2}\nprofile: quick\n");
        Map<String, String> environment = aptWithoutNetwork();
        Path archive = Files.createDirectories(folder.resolve("archive"));
        Path packages = Files.writeString(
                archive.resolve("Packages"),
                Stream.of("linux-source-6.12", "linux-source-6.1", "linux-source", "linux-source-6.1-doc")
                        .map(
                                "Package: %s\nVersion: 1\nArchitecture: all\nFilename: ./none.deb\nSize: 1\nDescription: a kernel\n\n"
                                        ::formatted)
                        .collect(Collectors.joining()));
        Files.writeString(
                archive.resolve("Release"),
                "SHA256:\n " + Sha256.of(packages) + " " + Files.size(packages) + " Packages\n");
        Files.writeString(folder.resolve("apt/sources.list"), "deb [trusted=yes] file:" + archive + " ./\n");

        FarmProcess.Result result = FarmProcess.run(folder, environment, "build", "--cache", "cache");

        assertThat(result.err())
                .isEqualTo(
                        "farm: apt knows no package linux-source-6.2; it knows linux-source-6.1, linux-source-6.12\n");
        assertThat(result.exit()).isEqualTo(2);
    }

    @Test
    void withoutANetworkACachedSourceIsUsedAndSaid() throws IOException, InterruptedException {
        // No kernel: it is enough to see that it is taken, and the next stage says what is wrong with it.
        Path tree = Files.createDirectories(folder.resolve("cache/sources/linux-source-6.1_6.1.7-1"));
        Files.writeString(tree.resolve("Makefile"), "nothing\n");
        Files.createDirectory(new CacheLayout(folder.resolve("cache")).patched(tree, "123456789abc")); // Newer.

        FarmProcess.Result result = FarmProcess.run(folder, aptWithoutNetwork(), "build", "--cache", "cache");

        assertThat(result.out())
                .contains(
                        "source: the archive cannot be reached: going on with linux-source-6.1 6.1.7-1 from the cache")
                .containsPattern("source: PASS in .* s: debian:linux-source-6\\.1=6\\.1\\.7-1");
        assertThat(result.err()).contains("is no kernel source");
    }

    @Test
    void whatADeadFarmLeftIsRemovedAndWhatALivingOneUsesIsNot() throws IOException {
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        Path mine;
        try (Scratch scratch = Scratch.in(cache)) {
            mine = scratch.folder();
            // Linux has no process of this number: the largest is 2^22.
            Path dead = Files.createDirectories(cache.temporary().resolve("99999999-1/tree"));
            Scratch.sweep(cache);

            assertThat(dead.getParent()).doesNotExist();
            assertThat(mine).exists();
        }
        assertThat(mine).doesNotExist();
    }

    /** An apt whose only archive is a port of this machine at which nobody listens. */
    private Map<String, String> aptWithoutNetwork() throws IOException {
        return AptWithoutNetwork.in(Files.createDirectories(folder.resolve("apt")));
    }

    private Path mount(String size) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount a small disk");
        Path small = Files.createDirectory(folder.resolve("small"));
        Command.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", small.toString())
                .output();
        return small;
    }

    private static void fill(Path disk) throws IOException {
        try (var file = Files.newOutputStream(disk.resolve("filling"))) {
            while (true) {
                file.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessage("No space left on device");
        }
    }

    /** A build of noise, which no compression makes smaller. */
    private static void inventBuild(BuildLayout layout) throws IOException {
        Files.createDirectories(layout.modules("6.1.7-test"));
        byte[] noise = new byte[600_000];
        new Random(1).nextBytes(noise);
        Files.write(layout.image(), noise);
        Files.writeString(layout.systemMap(), "");
        Files.writeString(layout.config(), "");
        Json.write(
                layout.record(),
                new Build(
                        "",
                        "6.1.7-test",
                        "x86_64",
                        "test",
                        "6.1.7-1",
                        "quick",
                        "",
                        "",
                        "",
                        Instant.EPOCH,
                        0,
                        0,
                        0,
                        new TreeMap<>(),
                        Sha256.of(layout.image())));
    }
}
