package io.kernelfarm.artifacts.apt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.deb.DebControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real apt, with a configuration and a root of its own. */
public final class AptClient {
    private final Path directory;

    public AptClient(Path directory, Path sources) throws IOException {
        this.directory = directory;
        for (String made : List.of(
                "root/var/lib/dpkg/info",
                "root/var/lib/dpkg/updates",
                "root/var/lib/dpkg/triggers",
                "etc/apt.conf.d",
                "etc/preferences.d",
                "etc/sources.list.d",
                "etc/trusted.gpg.d",
                "state/lists/partial",
                "cache/archives/partial")) {
            Files.createDirectories(directory.resolve(made));
        }
        Files.createFile(root().resolve("var/lib/dpkg/status"));
        // All that a user does: copies one file.
        Files.copy(sources, directory.resolve("etc/sources.list.d").resolve(sources.getFileName()));
        Files.writeString(directory.resolve("apt.conf"), """
                Dir "%1$s";
                Dir::Etc "%1$s/etc";
                Dir::State "%1$s/state";
                Dir::State::status "%2$s/var/lib/dpkg/status";
                Dir::Cache "%1$s/cache";
                Dir::Log "%1$s";
                Dir::Bin::methods "/usr/lib/apt/methods";
                Dir::Bin::dpkg "dpkg";
                DPkg::Options { "--root=%2$s"; "--log=%1$s/dpkg.log"; };
                APT::Sandbox::User "root";
                APT::Architecture "amd64";
                APT::Architectures { "amd64"; };
                """.formatted(directory, root()));
    }

    public Path root() {
        return directory.resolve("root");
    }

    public Tools.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "-y", "--no-install-recommends"));
        command.addAll(List.of(arguments));
        return Tools.run(Map.of("APT_CONFIG", directory.resolve("apt.conf").toString()), command);
    }

    /** Succeeds, and without a warning. */
    public String must(String... arguments) {
        Tools.Result result = run(arguments);
        assertThat(result.exit())
                .as("%s said:%n%s", List.of(arguments), result.output())
                .isZero();
        assertThat(result.output()).doesNotContain("W:", "E:");
        return result.output();
    }

    /** Fails, and leaves what the client knows as it was. */
    public String refused(String... arguments) {
        Tools.Result result = run(arguments);
        assertThat(result.exit())
                .as("%s said:%n%s", List.of(arguments), result.output())
                .isNotZero();
        return result.output();
    }

    /** Names and versions that the client knows of. */
    public List<String> known() {
        Tools.Result result = Tools.run(
                Map.of("APT_CONFIG", directory.resolve("apt.conf").toString()), List.of("apt-cache", "dumpavail"));
        assertThat(result.exit()).isZero();
        List<String> known = new ArrayList<>();
        DebControl.parse(result.output())
                .forEach(stanza -> known.add(stanza.get("Package") + " " + stanza.get("Version")));
        return known;
    }
}
