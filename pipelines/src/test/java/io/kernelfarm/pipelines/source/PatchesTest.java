package io.kernelfarm.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmException.Blame;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Series for the real patch(1). */
class PatchesTest {

    private static final String TWO = hunk("a/", "2", "two");

    private static final String ED_SCRIPT =
            "--- a/drivers/other.c\n+++ b/drivers/other.c\n1d\n.\n!touch FOLDER/ran\nw\n";

    @TempDir
    private Path folder;

    private final FakeKernel.Notes notes = new FakeKernel.Notes();
    private CacheLayout cache;
    private KernelSource bare;
    private Map<String, String> before;
    private Path outside;

    @BeforeEach
    void make() throws IOException {
        cache = new CacheLayout(folder.resolve("cache"));
        Path tree = FakeKernel.make(cache.sources().resolve("tarball-1234"));
        bare = new KernelSource(
                "tarball:linux.tar@sha256:12",
                "6.1.0~rc4-1",
                Provenance.Source.debian("linux-source-6.1", "6.1", ""),
                tree,
                FakeKernel.RELEASED);
        before = FakeKernel.content(tree);
        outside = Files.writeString(folder.resolve("outside"), "1\n2\n3\n");
        Files.createDirectory(folder.resolve("patches"));
    }

    /** Of the file with sixty lines. */
    private static String hunk(String prefix, String line, String replacement) {
        return "--- " + prefix + "drivers/net/lines.c\n+++ " + prefix + "drivers/net/lines.c\n@@ -1,4 +1,4 @@\n 1\n-"
                + line + "\n+" + replacement + "\n 3\n 4\n";
    }

    @Test
    void aSeriesIsAppliedInItsOrderToATreeOfItsOwn() throws IOException {
        patch("one.patch", "Subject: a change\n\nWith reasons.\n" + TWO);
        patch("net/two.diff", hunk("", "two", "zwei"));
        patch("new.patch", "--- /dev/null\n+++ b/drivers/new.c\n@@ -0,0 +1 @@\n+new\n");
        patch("git.patch", """
                diff --git a/drivers/other.c b/drivers/moved.c
                old mode 100644
                new mode 100755
                similarity index 100%
                rename from drivers/other.c
                rename to drivers/moved.c
                """);
        series("# what we change", "one.patch", "", "  net/two.diff -p0 # in its folder", "new.patch -p1", "git.patch");

        KernelSource patched = apply("patches");

        Map<String, String> after = FakeKernel.content(patched.tree());
        assertThat(Files.readString(patched.tree().resolve("drivers/net/lines.c")))
                .isEqualTo("1\nzwei\n" + FakeKernel.lines(3, 60));
        assertThat(after).doesNotContainKey("drivers/other.c").containsKeys("drivers/moved.c", "drivers/new.c");
        assertThat(Files.isExecutable(patched.tree().resolve("drivers/moved.c")))
                .isTrue();
        assertThat(after.keySet()).as("no backups").noneMatch(name -> name.matches(".*\\.(orig|rej)"));
        assertThat(FakeKernel.content(bare.tree())).as("the shared tree").isEqualTo(before);
        for (String changed : List.of("drivers/net/lines.c", "drivers/new.c")) {
            assertThat(Files.getLastModifiedTime(patched.tree().resolve(changed)))
                    .isEqualTo(FileTime.from(FakeKernel.RELEASED));
        }
        assertThat(Files.isSameFile(
                        patched.tree().resolve("Kconfig"), bare.tree().resolve("Kconfig")))
                .as("files that no patch touches are the same")
                .isTrue();
    }

    @Test
    void theSeriesIsPartOfTheIdentity() throws IOException {
        Path one = patch("one.patch", TWO);
        patch("two.patch", hunk("a/", "two", "zwei"));
        series("one.patch", "two.patch");
        KernelSource patched = apply("patches");

        assertThat(patched.identity()).matches("tarball:linux\\.tar@sha256:12\\+patches:[0-9a-f]{12}");
        assertThat(patched.tree().getFileName().toString()).matches("tarball-1234\\+patches-[0-9a-f]{12}");
        assertThat(patched.timestamp()).isEqualTo(bare.timestamp());
        assertThat(patched.version()).isEqualTo(bare.version());
        assertThat(patched.origin().patches())
                .containsExactly(
                        new Provenance.Patch("one.patch", Sha256.of(one)),
                        new Provenance.Patch("two.patch", Sha256.of(folder.resolve("patches/two.patch"))));
        assertThat(apply("patches")).isEqualTo(patched);
        assertThat(apply("patches/one.patch", "patches/two.patch").identity())
                .as("the same patches, named one by one")
                .isEqualTo(patched.identity());
        series("one.patch");
        assertThat(apply("patches").identity()).isNotEqualTo(patched.identity());
        series("one.patch", "two.patch");
        patch("two.patch", hunk("a/", "two", "deux"));
        assertThat(apply("patches").identity()).isNotEqualTo(patched.identity());
        series("# none yet");
        assertThat(apply("patches")).isEqualTo(bare);
    }

    @Test
    void theStepToTheNextReleaseIsAPatchAsWell() throws IOException {
        patch("patch-6.1", """
                --- a/Makefile
                +++ b/Makefile
                @@ -2,4 +2,4 @@
                 VERSION = 6
                 PATCHLEVEL = 1
                -SUBLEVEL = 0
                -EXTRAVERSION = -rc4
                +SUBLEVEL = 12
                +EXTRAVERSION =
                """);

        assertThat(apply("patches/patch-6.1").version()).isEqualTo("6.1.12-1");
    }

    @Test
    void aHunkMayHaveMovedAndThatIsSaid() throws IOException {
        patch(
                "moved.patch",
                "--- a/drivers/net/lines.c\n+++ b/drivers/net/lines.c\n@@ -20,3 +20,3 @@\n 30\n-31\n+x\n 32\n");

        apply("patches/moved.patch");

        assertThat(notes.sentences).contains("of the patch moved.patch, 1 hunk was found at other lines than it says");
    }

    @Test
    void aHunkThatDoesNotApplyIsShown() throws IOException {
        patch("good.patch", TWO);
        patch(
                "bad.patch",
                "--- a/drivers/other.c\n+++ b/drivers/other.c\n@@ -1,3 +1,3 @@\n 1\n-2\n+zwei\n 3\n"
                        + hunk("a/", "2", "zwei")
                        + "@@ -20,30 +20,30 @@\n"
                        + FakeKernel.lines(20, 48).replaceAll("(?m)^", " ").stripTrailing() + "\n-x\n+y\n");
        series("good.patch", "bad.patch");

        FakeKernel.assertRefused(
                Blame.USAGE,
                () -> apply("patches"),
                "the patch bad.patch does not apply: drivers/net/lines.c, hunk 1, which belongs at line 1",
                "\n    @@ -1,4 +1,4 @@\n     1\n    -2\n    +zwei\n     3\n     4");
        FarmException refused =
                org.assertj.core.api.Assertions.catchThrowableOfType(FarmException.class, () -> apply("patches"));
        assertThat(refused.getMessage().lines()).as("the first hunk alone").hasSize(7);
        assertThat(FakeKernel.content(bare.tree())).isEqualTo(before);
        assertThat(trees()).hasSize(1);
    }

    static Stream<Arguments> refused() {
        String change = "@@ -1,3 +1,3 @@\n 1\n-2\n+owned\n 3\n";
        return Stream.of(
                refused(
                        "the source has no file b/../../../outside",
                        "--- a/../../../outside\n+++ b/../../../outside\n" + change),
                refused("OUTSIDE", "--- /OUTSIDE\n+++ /OUTSIDE\n" + change),
                refused("leads out of the source", """
                diff --git a/evil b/evil
                new file mode 120000
                --- /dev/null
                +++ b/evil
                @@ -0,0 +1 @@
                +../../../outside
                \\ No newline at end of file
                """),
                refused("skipping patch", """
                diff --git a/evil b/evil
                new file mode 120000
                --- /dev/null
                +++ b/evil
                @@ -0,0 +1 @@
                +../../..
                \\ No newline at end of file
                diff --git a/evil/new b/evil/new
                new file mode 100644
                --- /dev/null
                +++ b/evil/new
                @@ -0,0 +1 @@
                +owned
                """),
                refused(
                        "the source has no file b/drivers/none.c",
                        "--- a/drivers/none.c\n+++ b/drivers/none.c\n" + change),
                refused(
                        "hunk 1",
                        "--- a/drivers/net/lines.c\n+++ b/drivers/net/lines.c\n@@ -1,5 +1,5 @@\n x\n-2\n+two\n 3\n 4\n 5\n"),
                refused("malformed patch", "--- a/drivers/other.c\n+++ b/drivers/other.c\n@@ -1,3 +1,3 @@\n 1\n"),
                refused("garbage", "Dear all,\n\nplease find attached.\n"),
                refused("a script for ed(1)", ED_SCRIPT),
                refused(
                        "a script for ed(1)",
                        "--- a/drivers/other.c\n+++ b/drivers/other.c\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n"
                                + ED_SCRIPT),
                refused("binary", """
                diff --git a/logo b/logo
                new file mode 100644
                index 0000000..1111111
                GIT binary patch
                literal 3
                KcmZQz0000

                """));
    }

    private static Arguments refused(String sentence, String patch) {
        return Arguments.of(sentence, patch);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void nothingButAChangeOfTheSourceIsTaken(String sentence, String text) throws IOException {
        patch("it.patch", text.replace("/OUTSIDE", outside.toString()).replace("FOLDER", folder.toString()));

        FakeKernel.assertRefused(
                Blame.USAGE, () -> apply("patches/it.patch"), sentence.replace("OUTSIDE", outside.toString()));
        assertThat(outside).hasContent("1\n2\n3\n");
        assertThat(folder.resolve("ran")).doesNotExist();
        assertThat(folder.resolve("new")).doesNotExist();
        assertThat(FakeKernel.content(bare.tree())).isEqualTo(before);
        assertThat(trees()).hasSize(1);
    }

    @Test
    void aSeriesThatCannotBeReadIsToldOfByItsLine() throws IOException {
        FakeKernel.assertRefused(
                Blame.USAGE, () -> apply("patches"), "there is no " + folder.resolve("patches/series"), "write one");
        FakeKernel.assertRefused(
                Blame.USAGE, () -> apply("no.patch"), "there is no patch " + folder.resolve("no.patch"));
        series("", "one.patch");
        FakeKernel.assertRefused(Blame.USAGE, () -> apply("patches"), "series:2: there is no patch ");
        series("../outside");
        FakeKernel.assertRefused(Blame.USAGE, () -> apply("patches"), "series:1: '../outside' lies outside the folder");
        patch("one.patch", TWO);
        series("one.patch -R");
        FakeKernel.assertRefused(Blame.USAGE, () -> apply("patches"), "series:1: '-R' is not understood");
    }

    private KernelSource apply(String... names) throws IOException {
        return new Patches(List.of(names), folder).on(bare, cache, notes);
    }

    private Path patch(String name, String text) throws IOException {
        Path file = folder.resolve("patches").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void series(String... lines) throws IOException {
        Files.write(folder.resolve("patches/series"), List.of(lines));
    }

    private List<Path> trees() throws IOException {
        try (Stream<Path> all = Files.list(cache.sources())) {
            return all.filter(Files::isDirectory).toList();
        }
    }
}
