package io.kernelfarm.pipelines.source;

import static io.kernelfarm.pipelines.source.Source.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.GitTree;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A commit of a git repository. Its files are taken without the history.
 *
 * @param git where the repository is
 * @param commit its full id, or the name of a tag or branch, which may mean another commit the next time; the run records which
 * @param patches on top of it; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GitSource(Location git, String commit, Patches patches) implements Source {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);

    public GitSource {
        git = git.of(Set.of("https", "http", "ssh", "git"), "git");
        require(
                commit != null,
                "'source.commit' is missing: the full id of a commit, or the name of a tag or branch, such as v6.1");
        require(
                commit.matches("[A-Za-z0-9_][A-Za-z0-9._+/-]{0,199}") && !commit.contains(".."),
                "'source.commit' is '" + commit + "', which is not the id of a commit or the name of a tag or branch");
    }

    @Override
    public KernelSource fetch(CacheLayout cache, Progress progress) throws IOException {
        GitMirror mirror = new GitMirror(git, cache, progress);
        String id = GitMirror.isId(commit) ? commit : mirror.resolve(commit);
        Path place = cache.commit(id);
        FolderLock.holding(place, progress, () -> {
            if (!Files.exists(place)) {
                mirror.with(id, tree -> make(tree, id, place, cache, progress));
            }
            return place;
        });
        String version = SourceTree.version(place);
        Instant committed = SourceTree.timestamp(place);
        // The number of a version says little between two releases.
        String packaged = version + "+git" + DAY.format(committed) + "." + GitTree.shortened(id) + "-1";
        return new KernelSource(
                "git:" + (git.isUrl() ? git.toString() : git.name()) + "@" + id,
                packaged,
                SourceTree.ofGit(version, git.isUrl() ? git.toString() : git.name(), id),
                place,
                committed);
    }

    private void make(GitTree mirror, String id, Path place, CacheLayout cache, Progress progress) throws IOException {
        progress.at(-1, "checking out " + GitTree.shortened(id));
        try (Scratch scratch = Scratch.in(cache)) {
            Path tree = scratch.folder().resolve("tree");
            mirror.put(id, tree);
            SourceTree.check(tree, git + " at " + id);
            touch(tree, mirror.describe(id).committed());
            Scratch.deliver(tree, place);
        }
    }

    /** As if it had been a tarball of this commit. */
    private static void touch(Path tree, Instant committed) throws IOException {
        FileTime time = FileTime.from(committed);
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.setLastModifiedTime(file, time);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
