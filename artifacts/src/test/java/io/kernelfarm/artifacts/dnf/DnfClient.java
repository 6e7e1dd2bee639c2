package io.kernelfarm.artifacts.dnf;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real dnf, with a configuration and an install root of its own. */
public final class DnfClient {
    private final Path directory;

    public DnfClient(Path directory, Path repo) throws IOException {
        this.directory = directory;
        for (String made : List.of("root", "repos", "log")) {
            Files.createDirectories(directory.resolve(made));
        }
        // All that a user does: copies one file.
        Files.copy(repo, directory.resolve("repos").resolve(repo.getFileName()));
    }

    public Path root() {
        return directory.resolve("root");
    }

    /** Changes the copied file. */
    public void edit(String from, String to) throws IOException {
        try (var files = Files.list(directory.resolve("repos"))) {
            Path file = files.findFirst().orElseThrow();
            String text = Files.readString(file);
            assertThat(text).contains(from);
            Files.writeString(file, text.replace(from, to));
        }
    }

    public Tools.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "dnf",
                "-y",
                "--installroot=" + root(),
                "--releasever=1",
                "--setopt=reposdir=" + directory.resolve("repos"),
                "--setopt=cachedir=" + directory.resolve("cache"),
                "--setopt=logdir=" + directory.resolve("log"),
                "--setopt=skip_if_unavailable=0",
                "--refresh"));
        command.addAll(List.of(arguments));
        return Tools.run(command.toArray(String[]::new));
    }

    public String must(String... arguments) {
        Tools.Result result = run(arguments);
        assertThat(result.exit())
                .as("%s said:%n%s", List.of(arguments), result.output())
                .isZero();
        return result.output();
    }

    public String refused(String... arguments) {
        Tools.Result result = run(arguments);
        assertThat(result.exit())
                .as("%s said:%n%s", List.of(arguments), result.output())
                .isNotZero();
        return result.output();
    }

    /** Names and versions that the client knows of. */
    public List<String> known() {
        return must("--quiet", "repoquery", "--qf", "%{name} %{version}-%{release}")
                .lines()
                .filter(line -> line.matches("[a-z0-9-]+ [0-9.]+-[0-9]+"))
                .toList();
    }
}
