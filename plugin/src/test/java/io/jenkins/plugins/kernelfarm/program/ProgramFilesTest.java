package io.jenkins.plugins.kernelfarm.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFilesTest {
    private static final Map<String, String> CONTENTS =
            Map.of("farm", "#!/bin/sh\n", "farm.jar", "jar", "lib/a-1.jar", "a");

    @TempDir
    private Path agent;

    private Map<String, String> sums;
    private Path folder;

    @BeforeEach
    void sum() throws IOException {
        sums = new TreeMap<>();
        Path file = agent.resolve("file");
        for (Map.Entry<String, String> entry : CONTENTS.entrySet()) {
            sums.put(entry.getKey(), ProgramFiles.sha256(Files.writeString(file, entry.getValue())));
        }
        folder = agent.resolve("caches/0123456789abcdef");
    }

    @Test
    void whatIsMissingIsInstalledOnce() throws IOException {
        assertThat(install()).containsExactlyInAnyOrder("farm", "farm.jar", "lib/a-1.jar");
        assertThat(install()).isEmpty();

        assertThat(Files.readString(folder.resolve("lib/a-1.jar"))).isEqualTo("a");
        assertThat(Files.getPosixFilePermissions(folder.resolve("farm"))).contains(PosixFilePermission.OWNER_EXECUTE);
    }

    @Test
    void whatIsDamagedIsInstalledAgain() throws IOException {
        install();
        Files.writeString(folder.resolve("farm.jar"), "jaR");
        Files.delete(folder.resolve("lib/a-1.jar"));
        Files.setPosixFilePermissions(folder.resolve("farm"), Set.of(PosixFilePermission.OWNER_READ));

        assertThat(install()).containsExactlyInAnyOrder("farm", "farm.jar", "lib/a-1.jar");
        assertThat(Files.readString(folder.resolve("farm.jar"))).isEqualTo("jar");
    }

    @Test
    void whatCameDamagedIsNotTaken() {
        ProgramFiles files = new ProgramFiles(folder);

        assertThatThrownBy(() -> files.write("farm.jar", sums.get("farm.jar"), stream("ja")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("what came of farm.jar has the SHA-256 ")
                .hasMessageEndingWith(" instead of " + sums.get("farm.jar"));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatBreaksOffLeavesNothing() {
        InputStream broken = new FilterInputStream(stream("ja")) {
            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                int read = super.read(bytes, from, length);
                if (read < 0) {
                    throw new IOException("the connection is gone");
                }
                return read;
            }
        };

        assertThatThrownBy(() -> new ProgramFiles(folder).write("farm.jar", sums.get("farm.jar"), broken))
                .hasMessage("the connection is gone");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void manyMayInstallAtTheSameTime() throws Exception {
        ExecutorService installers = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(installers.submit(() -> {
                    install();
                    assertThat(new ProgramFiles(folder).damaged(sums)).isEmpty();
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            installers.shutdownNow();
        }
    }

    @Test
    void versionsThatNobodyAskedForAreRemovedAndNothingElse() throws IOException {
        install();
        Path old = version("fedcba9876543210", 61);
        Path recent = version("00000000000000aa", 59);
        Path foreign = version("out", 61);
        Path part = Files.writeString(folder.resolve("farm.jar.x.part"), "j");
        Files.setLastModifiedTime(part, ago(61));

        new ProgramFiles(folder).prune(Duration.ofDays(60));

        assertThat(old).doesNotExist();
        assertThat(part).doesNotExist();
        assertThat(recent.resolve("lib/a.jar")).exists();
        assertThat(foreign.resolve("lib/a.jar")).exists();
        assertThat(new ProgramFiles(folder).damaged(sums)).isEmpty();
    }

    private Path version(String name, int days) throws IOException {
        Path version = folder.resolveSibling(name);
        Files.createDirectories(version.resolve("lib"));
        Files.writeString(version.resolve("lib/a.jar"), "a");
        Files.setLastModifiedTime(Files.writeString(version.resolve("used"), ""), ago(days));
        return version;
    }

    private static FileTime ago(int days) {
        return FileTime.from(Instant.now().minus(Duration.ofDays(days)));
    }

    private List<String> install() throws IOException {
        ProgramFiles files = new ProgramFiles(folder);
        List<String> damaged = files.damaged(sums);
        for (String name : damaged) {
            files.write(name, sums.get(name), stream(CONTENTS.get(name)));
        }
        return damaged;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
