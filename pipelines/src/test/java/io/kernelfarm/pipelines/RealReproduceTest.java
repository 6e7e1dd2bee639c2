package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.configs.Profile;
import io.kernelfarm.pipelines.builder.Builder;
import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Building twice: a kernel of which a module is told when it was compiled. */
@Tag("real")
class RealReproduceTest {

    private static final CacheLayout CACHE = CacheLayout.standard();

    private static final Progress SILENT = new SilentProgress();

    @TempDir
    private Path folder;

    @Test
    void theFirstFileThatDiffersIsNamedAndKeptTwice() throws IOException {
        Spec spec = SpecReader.read(Files.writeString(
                folder.resolve("kernel.yaml"), "source: {debian: linux-source-6.1}\nprofile: tiny\n"));
        Profile tiny = TinyKernel.profile();
        CacheLayout cache = new CacheLayout(folder.resolve("cache"));
        SharedCache.link(CACHE.ccache(), cache.ccache());
        KernelSource source = SourceStage.run(spec.source(), CACHE, SILENT)
                .linkedAt(cache.sources().resolve("timed"));
        append(source.tree().resolve("lib/Makefile"), "CFLAGS_crc16.o := -DWHEN=\\\"$(shell date +%s.%N)\\\"\n");
        append(source.tree().resolve("lib/crc16.c"), "\nstatic const char when[] __used = \"compiled at \" WHEN;\n");
        RunLayout run = new OutLayout(folder.resolve("out")).run("first");
        Builder host = new HostBuilder();
        ConfigureStage.run(source, spec.arch(), tiny, spec.options(), host, cache, run, SILENT);
        Build first = new CompileStage(source, run.dotConfig(), spec, host, cache, new Estimates(cache), SILENT)
                .run(run.build())
                .build();

        FarmException differs = catchThrowableOfType(
                FarmException.class, () -> ReproduceStage.run(source, spec, tiny, host, cache, run, SILENT));

        assertThat(differs.blame()).isEqualTo(FarmException.Blame.KERNEL);
        assertThat(differs.getMessage())
                .startsWith("two builds of the same inputs differ: modules/lib/modules/" + first.release()
                        + "/kernel/lib/crc16.ko differs from byte ")
                .contains(", in section .rodata")
                .endsWith("; both are kept in " + run.reproduce() + ", for a look with diffoscope");
        assertThat(run.reproduce().resolve("first/crc16.ko"))
                .content(StandardCharsets.ISO_8859_1)
                .contains("compiled at ");
        assertThat(Files.mismatch(
                        run.reproduce().resolve("first/crc16.ko"),
                        run.reproduce().resolve("second/crc16.ko")))
                .isPositive();
        assertThat(cache.temporary()).isEmptyDirectory();
    }

    /** Links lead to the real tree: what is changed becomes a file of its own. */
    private static void append(Path file, String text) throws IOException {
        String before = Files.readString(file);
        Files.delete(file);
        Files.writeString(file, before + text, StandardOpenOption.CREATE_NEW);
    }
}
