package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.builder.HostBuilder;
import io.kernelfarm.pipelines.source.DebianSource;
import io.kernelfarm.pipelines.source.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The true kernel, as a package of Debian and as a tarball, and with patches on top. */
@Tag("real")
class RealSourceTest {

    private static final CacheLayout CACHE = CacheLayout.standard();
    private static final Progress SILENT = new SilentProgress();

    /** On the disk of the cache, but apart from it: what is made here is used once. */
    private static Path folder;

    @TempDir
    private Path results;

    @BeforeAll
    static void makeFolder() throws IOException {
        Files.createDirectories(CACHE.root());
        folder = Files.createTempDirectory(CACHE.root(), "real-source-");
    }

    @AfterAll
    static void removeFolder() throws IOException {
        FileTrees.delete(folder);
    }

    @Test
    void aTarballWithPatchesIsTheSameKernelButForThem() throws IOException {
        KernelSource debian = SourceStage.run(new DebianSource("linux-source-6.1", null, null), CACHE, SILENT);
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        Path tarball = folder.resolve("linux.tar");
        Command.of(
                        "tar",
                        "--create",
                        "--file",
                        tarball.toString(),
                        debian.tree().getFileName().toString())
                .in(debian.tree().getParent())
                .output();
        Path patches = Files.createDirectory(folder.resolve("patches"));
        Files.write(patches.resolve("series"), List.of("# of ours", "words.patch -p1"));
        Files.writeString(patches.resolve("words.patch"), """
                --- a/init/main.c
                +++ b/init/main.c
                @@ -943,7 +943,7 @@
                 	build_all_zonelists(NULL);
                 	page_alloc_init();
                \s
                -	pr_notice("Kernel command line: %s\\n", saved_command_line);
                +	pr_notice("The command line: %s\\n", saved_command_line);
                 	/* parameters may set static keys */
                 	jump_label_init();
                 	parse_early_param();
                """);
        Path file = Files.writeString(folder.resolve("kernel.yaml"), """
                source: {tarball: linux.tar, sha256: %s, patches: patches}
                profile: quick
                """.formatted(Sha256.of(tarball)));
        Spec spec = SpecReader.read(file);

        KernelSource patched = SourceStage.run(spec.source(), cache, SILENT);

        Path bare = cache.tarball(Sha256.of(tarball));
        assertThat(content(bare)).isEqualTo(content(debian.tree()));
        Map<String, String> changed = content(patched.tree());
        changed.entrySet().removeAll(content(bare).entrySet());
        assertThat(changed).containsOnlyKeys("init/main.c");
        assertThat(patched.timestamp()).isEqualTo(debian.timestamp());
        String kernelVersion = Command.of("make", "--silent", "kernelversion")
                .in(bare)
                .output()
                .strip();
        assertThat(SourceTree.version(bare)).isEqualTo(kernelVersion);
        assertThat(configuration(patched, spec, cache)).isEqualTo(configuration(debian, spec, CACHE));
    }

    private String configuration(KernelSource source, Spec spec, CacheLayout cache) throws IOException {
        RunLayout run =
                new OutLayout(results.resolve(source.tree().getFileName().toString())).run("run");
        ConfigureStage.run(
                source, spec.arch(), FarmRun.check(spec), spec.options(), new HostBuilder(), cache, run, SILENT);
        return Files.readString(run.dotConfig());
    }

    /** Of each file its size, time and mode, of each link where it leads: to read all of it takes a minute. */
    private static Map<String, String> content(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .collect(Collectors.toMap(
                            path -> tree.relativize(path).toString(), RealSourceTest::look, (a, b) -> a, TreeMap::new));
        }
    }

    private static String look(Path path) {
        try {
            return Files.isSymbolicLink(path)
                    ? Files.readSymbolicLink(path).normalize().toString()
                    : Files.size(path) + " " + Files.isExecutable(path) + " "
                            + Files.getLastModifiedTime(path).toMillis() / 1000;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
