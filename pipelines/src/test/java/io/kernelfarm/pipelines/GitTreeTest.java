package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from somebody's git repository, and that it is left alone. */
class GitTreeTest {

    @TempDir
    private Path folder;

    private GitHistory history;
    private GitTree tree;
    private Path place;

    /** A line of four commits, and one that is merged into it. */
    @BeforeEach
    void make() throws IOException {
        history = GitHistory.make(
                folder.resolve("linux"),
                List.of(List.of(), List.of(0), List.of(1), List.of(2), List.of(1), List.of(3, 4)));
        tree = GitTree.open(history.folder());
        place = tree.place(history.id(5), new CacheLayout(folder.resolve("cache")));
    }

    @Test
    void commitsAreKnownByTheirNames() throws IOException {
        assertThat(tree.commit("--bad", "main")).isEqualTo(history.id(5));
        assertThat(tree.commit("--bad", "HEAD^2")).isEqualTo(history.id(4));
        assertThat(tree.commit("--bad", history.id(2).substring(0, 12))).isEqualTo(history.id(2));
        assertThat(tree.parents(history.id(5))).containsExactly(history.id(3), history.id(4));
        assertThat(tree.parents(history.id(0))).isEmpty();
        assertThat(tree.describe(history.id(2)))
                .isEqualTo(new GitTree.Commit(
                        history.id(2),
                        "Ada Lovelace",
                        "2023-11-14T23:15:20+01:00",
                        Instant.ofEpochSecond(1_700_000_150),
                        "Change number 2"));
    }

    @Test
    void anyCommitIsPutIntoAPlaceOfTheFarmsOwnAndTheRepositoryIsLeftAlone() throws IOException {
        Files.writeString(history.folder().resolve("Makefile"), "being edited\n");
        Map<String, String> before = content(history.folder());
        for (int number : List.of(0, 5, 2, 4, 4, 1, 3)) {
            KernelSource source = tree.checkOut(history.id(number), place);

            assertThat(content(place)).isEqualTo(exported(number));
            assertThat(source.identity()).isEqualTo("git:" + history.id(number));
            assertThat(source.version())
                    .isEqualTo("6.1." + number + "+git." + history.id(number).substring(0, 12));
            assertThat(source.tree()).isEqualTo(place);
        }
        assertThat(content(history.folder())).isEqualTo(before);
    }

    @Test
    void aBareRepositoryServesAsWell() throws IOException {
        Path bare = folder.resolve("linux.git");
        history.git("clone", "--quiet", "--bare", ".", bare.toString());
        Map<String, String> before = content(bare);

        GitTree.open(bare).checkOut(history.id(3), place);

        assertThat(content(place)).isEqualTo(exported(3));
        assertThat(content(bare)).isEqualTo(before);
    }

    /** Otherwise make would compile everything for each commit, or nothing. */
    @Test
    void onlyFilesThatDifferAreWrittenThoughABuildHasLinksToThem() throws IOException, InterruptedException {
        tree.checkOut(history.id(2), place);
        FileTime kconfig = Files.getLastModifiedTime(place.resolve("Kconfig"));
        FileTime makefile = Files.getLastModifiedTime(place.resolve("Makefile"));
        Thread.sleep(1100); // The index knows seconds.
        for (String name : List.of("Kconfig", "Makefile")) {
            Files.createLink(folder.resolve(name), place.resolve(name));
        }
        byte[] linked = Files.readAllBytes(folder.resolve("Makefile"));

        tree.checkOut(history.id(3), place);

        assertThat(Files.getLastModifiedTime(place.resolve("Kconfig"))).isEqualTo(kconfig);
        assertThat(Files.getLastModifiedTime(place.resolve("Makefile"))).isGreaterThan(makefile);
        assertThat(folder.resolve("Makefile")).as("of the build").hasBinaryContent(linked);
        assertThat(content(place)).isEqualTo(exported(3));
    }

    @Test
    void aCheckoutThatWasBrokenOffIsBegunAnew() throws IOException {
        tree.checkOut(history.id(1), place);
        Files.writeString(place.resolveSibling(place.getFileName() + ".unfinished"), "");
        Files.writeString(place.resolveSibling(place.getFileName() + ".index.lock"), "");
        Files.writeString(place.resolve("Makefile"), "VERS");
        Files.writeString(place.resolve("half"), "of a file that another commit has");

        tree.checkOut(history.id(4), place);

        assertThat(content(place)).isEqualTo(exported(4));
    }

    @Test
    void theUsersConfigurationDoesNotChangeWhatIsCheckedOut() throws IOException {
        Map<String, String> exported = exported(3);
        history.git("config", "core.autocrlf", "true");
        history.git("config", "core.sparseCheckout", "true");
        Files.createDirectories(history.folder().resolve(".git/info"));
        Files.writeString(history.folder().resolve(".git/info/sparse-checkout"), "/Kconfig\n");

        tree.checkOut(history.id(3), place);

        assertThat(content(place)).isEqualTo(exported);
    }

    @Test
    void allClonesOfAHistoryShareAPlace() throws IOException {
        Path clone = folder.resolve("clone");
        history.git("clone", "--quiet", ".", clone.toString());

        assertThat(GitTree.open(clone).place(history.id(2), new CacheLayout(folder.resolve("cache"))))
                .isEqualTo(place);
    }

    @Test
    void whatCannotBeIsToldInASentence() throws IOException {
        assertUsage(() -> GitTree.open(folder.resolve("nowhere")), "--tree " + folder.resolve("nowhere"), "no folder");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertUsage(() -> GitTree.open(empty), "no git repository", "not a git repository");
        assertUsage(() -> tree.commit("--good", "v6.99"), "--good 'v6.99' is no commit in ", "fetch it first");
        assertUsage(() -> tree.commit("--good", "--all"), "--good '--all' is no commit in ");
        history.git("rm", "--quiet", "Kconfig");
        history.git("-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "--message=Another project");
        assertUsage(() -> tree.commit("--bad", "main"), "--bad 'main' in ", "is no tree of the kernel");
        assertUsage(() -> tree.checkEnds(history.id(3), history.id(1)), "is an ancestor of --good");
        assertUsage(() -> tree.checkEnds(history.id(3), history.id(3)), "the same commit");
        history.git("checkout", "--quiet", "--orphan", "other");
        history.git("-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "--message=Alone");
        String alone = history.git("rev-parse", "HEAD").strip();
        assertUsage(() -> tree.checkEnds(alone, history.id(3)), "no common ancestor", "shallow");
    }

    private static void assertUsage(ThrowingCallable what, String... words) {
        FarmException error = catchThrowableOfType(FarmException.class, what);
        assertThat(error.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(error).hasMessageContainingAll(words);
    }

    /** What git archive makes of a commit. */
    private Map<String, String> exported(int number) throws IOException {
        Path into = Files.createDirectories(folder.resolve("exported-" + number));
        Command.of("sh", "-c", "git archive " + history.id(number) + " | tar --extract --directory " + into)
                .in(history.folder())
                .output();
        return content(into);
    }

    private static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(folder.relativize(file).toString(), Sha256.of(file));
            }
        }
        return content;
    }
}
