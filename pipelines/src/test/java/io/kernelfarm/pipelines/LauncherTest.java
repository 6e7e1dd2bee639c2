package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./farm}, on a machine that seems to have nothing installed. */
class LauncherTest {

    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void copyScript() throws IOException {
        // Readable for everybody, in a path with a space.
        Command.of("chmod", "755", folder.toString()).output();
        Path home = Files.createDirectory(folder.resolve("my farm"));
        script = Files.copy(Project.file("farm"), home.resolve("farm"));
        Files.createDirectories(folder.resolve("dpkg"));
    }

    @Test
    void withoutANetworkItSaysWhatIsMissingAndWhatToDo() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gets as far as installing");
        Command farm = Command.of("bash", script.toString(), "--version")
                .with("DPKG_ADMINDIR", folder.resolve("dpkg").toString());
        AptWithoutNetwork.in(folder.resolve("apt")).forEach(farm::with);

        Command.Result result = farm.run();

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errors())
                .contains("farm: installing with apt what is missing: bc bison ")
                .contains("farm: apt could not install: bc bison ")
                .endsWith("; check the network and the machine's apt configuration, then try again\n");
        assertThat(result.output()).isEmpty();
    }

    @Test
    void whoIsNeitherRootNorHasSudoIsTold() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become somebody else");
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : List.of("bash", "dirname", "readlink", "sed", "dpkg-query", "apt-get")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
        }

        Command.Result result = Command.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "env",
                        "PATH=" + programs,
                        "DPKG_ADMINDIR=" + folder.resolve("dpkg"),
                        "bash",
                        script.toString(),
                        "run")
                .run();

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errors())
                .startsWith("farm: missing are: bc bison ")
                .endsWith("; run this as root, or install sudo, so that they can be installed\n")
                .hasLineCount(1);
    }

    @Test
    void aWrongOptionOfTestIsWrongUsage() throws IOException {
        Command.Result result =
                Command.of("bash", script.toString(), "test", "--quick").run();

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.errors()).isEqualTo("farm: unknown option '--quick' of farm test; there is --fast\n");
    }

    @Test
    void testHasHelp() throws IOException {
        Command.Result result =
                Command.of("bash", script.toString(), "test", "--help").run();

        assertThat(result.exit()).isZero();
        assertThat(result.output()).contains("farm test [--fast]");
    }
}
