package io.kernelfarm.artifacts.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.SampleKernel;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's and Fedora's own checkers of packages find no error. */
class LintTest {
    /** The lintian of Debian 12 reads no zstd. */
    private static final Compression FOR_LINTIAN = new Compression(Compression.Algorithm.XZ, 1);

    @TempDir
    private Path dir;

    private KernelFiles kernel() throws IOException {
        return SampleKernel.complete(dir.resolve("build"), "6.1.192-farm1", "2", 1);
    }

    @Test
    void lintianFindsNoErrorAndNoWarning() throws IOException {
        List<String> command = new ArrayList<>(List.of("lintian", "--allow-root", "--fail-on", "error,warning"));
        for (PackageSpec spec : KernelPackages.debs(kernel())) {
            command.add(new DebWriter(FOR_LINTIAN).writeInto(spec, dir).toString());
        }

        Tools.Result result = Tools.run(command.toArray(String[]::new));

        assertThat(result.output()).doesNotContain("E: ").doesNotContain("W: ");
        assertThat(result.exit()).as(result.output()).isZero();
    }

    @Test
    void rpmlintFindsNoError() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "rpmlint",
                "--config",
                Path.of("src/test/resources/io/kernelfarm/artifacts/kernel/rpmlint.toml")
                        .toAbsolutePath()
                        .toString()));
        for (PackageSpec spec : KernelPackages.rpms(kernel())) {
            command.add(new RpmWriter(FOR_LINTIAN).writeInto(spec, dir).toString());
        }

        Tools.Result result = Tools.run(command.toArray(String[]::new));

        assertThat(result.output()).contains("5 packages and 0 specfiles checked; 0 errors");
        assertThat(result.exit()).as(result.output()).isZero();
    }
}
