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

    /** The form that the Jenkins plugin puts on an agent: the program beside the script, and no sources. */
    @Test
    void besideTheProgramItIsInstalledAndRunsIt() throws IOException {
        install();

        Command.Result result = installed("promote", "--to", "a b").run();

        assertThat(result.errors()).isEmpty();
        assertThat(result.output()).isEqualTo("[promote][--to][a b]\n");
        assertThat(result.exit()).isEqualTo(7);
    }

    @Test
    void installedItInstallsNothingOfItselfAndSaysWhatIsMissing() throws IOException {
        install();

        Command.Result result = installed("boot").run();

        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.errors())
                .startsWith("farm: missing on this machine are: busybox-static e2fsprogs ")
                .contains("; install them (apt-get install busybox-static ")
                .contains(", or set KERNEL_FARM_INSTALL=yes to have the farm do that\n")
                .contains("farm: this is what 'farm doctor' misses:\n")
                .endsWith("farm:  MISSING  compass\n")
                .doesNotContain("gcc", "here");
        assertThat(result.output()).isEmpty();
    }

    @Test
    void installedItAsksForNoMoreThanTheVerbNeeds() throws IOException {
        install();

        assertThat(installed("build").run().errors())
                .startsWith("farm: missing on this machine are: bc ")
                .doesNotContain("qemu");
        assertThat(installed("run").run().errors()).contains(" gcc ", " qemu-system-x86 ");
    }

    @Test
    void installedItTakesTheJavaThatItsCallerKnows() throws IOException {
        install();
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String name : List.of("bash", "dirname", "readlink", "sed")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
        }
        Command farm = installed("machines").with("PATH", programs.toString()).with("JAVA_HOME", "/nowhere");

        assertThat(farm.with("KERNEL_FARM_JAVA", System.getProperty("java.home"))
                        .run()
                        .output())
                .isEqualTo("[machines]\n");
    }

    @Test
    void installedItHasNoTests() throws IOException {
        install();

        Command.Result result = installed("test").run();

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.errors())
                .isEqualTo("farm: the tests come with the farm's sources, and this is the program alone\n");
    }

    private Command installed(String... words) {
        return Command.of("bash", script.toString())
                .and(words)
                .with("DPKG_ADMINDIR", folder.resolve("dpkg").toString());
    }

    /** A program that prints its words and ends with 7; as doctor it misses something. */
    private void install() throws IOException {
        Path source = Files.writeString(folder.resolve("Echo.java"), """
                public class Echo {
                    public static void main(String[] words) {
                        if (words[0].equals("doctor")) {
                            System.out.println("ok       here\\nMISSING  compass");
                            System.exit(3);
                        }
                        System.out.println("[" + String.join("][", words) + "]");
                        System.exit(7);
                    }
                }
                """);
        String java = System.getProperty("java.home") + "/bin/";
        Command.of(java + "javac", source.toString()).output();
        Command.of(
                        java + "jar",
                        "--create",
                        "--file=" + script.resolveSibling("farm.jar"),
                        "--main-class=Echo",
                        "-C",
                        folder.toString(),
                        "Echo.class")
                .output();
    }
}
