package io.kernelfarm.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A few files that make a tree look like a kernel's. */
final class FakeKernel {

    static final Instant RELEASED = Instant.parse("2022-12-11T22:15:18Z");

    private FakeKernel() {}

    /** Makes it in {@code folder}, which is not there yet. */
    static Path make(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("drivers/net"));
        Files.writeString(
                folder.resolve("Makefile"),
                "# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION = -rc4\n");
        Files.writeString(folder.resolve("Kconfig"), "mainmenu \"Linux\"\n");
        Files.writeString(folder.resolve("drivers/net/lines.c"), lines(1, 60));
        Files.writeString(folder.resolve("drivers/other.c"), lines(1, 10));
        Path script = Files.writeString(folder.resolve("check.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxr-x"));
        Files.createSymbolicLink(folder.resolve("drivers/net/up"), Path.of("../other.c"));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                Files.setLastModifiedTime(file, FileTime.from(RELEASED));
            }
        }
        return folder;
    }

    /** The numbers from {@code first} to {@code last}, each in a line. */
    static String lines(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }

    /** Everything below {@code folder}: kind, what is in it, whether it can be executed, and its time. */
    static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String what = "folder";
                if (Files.isSymbolicLink(path)) {
                    what = "-> " + Files.readSymbolicLink(path);
                } else if (Files.isRegularFile(path)) {
                    what = Sha256.of(path) + (Files.isExecutable(path) ? " x " : " ") + Files.getLastModifiedTime(path);
                }
                content.put(folder.relativize(path).toString(), what);
            }
        }
        return content;
    }

    static String run(Path folder, String... words) throws IOException {
        return Command.of(words).in(folder).output();
    }

    /** Remembers what it is told. */
    static final class Notes implements Progress {
        final List<String> sentences = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void note(String sentence) {
            sentences.add(sentence);
        }

        @Override
        public void at(double fraction, String detail) {
            sentences.add(detail);
        }
    }

    static void assertRefused(FarmException.Blame blame, ThrowingCallable what, String... words) {
        FarmException refused = catchThrowableOfType(FarmException.class, what);
        assertThat(refused).as("what was to be refused").isNotNull();
        assertThat(refused).hasMessageContainingAll(words);
        assertThat(refused.blame()).isEqualTo(blame);
    }
}
