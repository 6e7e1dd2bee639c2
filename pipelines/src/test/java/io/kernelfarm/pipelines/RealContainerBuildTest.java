package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.pipelines.builder.Dockerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The project's own kernel, compiled on this host and in a container. */
@Tag("real")
@ExtendWith(Dockerd.Shared.class)
class RealContainerBuildTest {

    private static final CacheLayout CACHE = CacheLayout.standard();

    @TempDir
    private Path folder;

    @Test
    void aContainerAndThisHostMakeTheSameBits(Dockerd dockerd) throws IOException, InterruptedException {
        Spec spec = SpecReader.read(Project.file("kernel.yaml"));
        FarmRun.Places places = new FarmRun.Places(new OutLayout(folder.resolve("here")), CACHE, TestKeyFile.place());
        BuildLayout here =
                places.out().run(FarmRun.build(spec, places, event -> {}).id()).build();

        // A cache of its own has no such build yet; what only saves time is shared.
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        SharedCache.link(CACHE.sources(), cache.sources());
        SharedCache.link(CACHE.images(), cache.images());
        SharedCache.link(CACHE.containers().ccache(), cache.containers().ccache());
        FarmProcess.Result farm = FarmProcess.run(
                folder,
                dockerd.environment(),
                "build",
                "--builder",
                "container",
                "--spec",
                Project.file("kernel.yaml").toString(),
                "--cache",
                cache.root().toString());

        assertThat(farm.exit()).as(farm.out() + farm.err()).isZero();
        assertThat(farm.out())
                .contains("builder: a container of kernel-farm-build-x86_64:")
                .doesNotContain("reused");
        BuildLayout there = new OutLayout(folder.resolve("out")).find("latest").build();
        assertThat(digests(there)).hasSizeGreaterThan(1000).isEqualTo(digests(here));
        assertThat(Build.read(there).inputs()).isEqualTo(Build.read(here).inputs());
        assertThat(Build.read(there).builder()).startsWith("a container of kernel-farm-build-x86_64:");
        assertThat(dockerd.containers()).isEmpty();
    }

    /** All that is made into packages: the image, each module, each header and program, with their digests. */
    private static Map<String, String> digests(BuildLayout build) throws IOException {
        Set<Path> told = Set.of(build.record(), build.log());
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> all = Files.walk(build.root())) {
            for (Path path : (Iterable<Path>) all.filter(path -> !told.contains(path))::iterator) {
                String what = Files.isSymbolicLink(path)
                        ? Files.readSymbolicLink(path).toString()
                        : Files.isRegularFile(path) ? Sha256.of(path) + Files.isExecutable(path) : "";
                digests.put(build.root().relativize(path).toString(), what);
            }
        }
        return digests;
    }
}
