package io.kernelfarm.artifacts.openpgp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys for tests: making one takes seconds, so each is made once. */
public final class TestKey {
    private static final SigningKey FIRST = make("First");
    private static final SigningKey SECOND = make("Second");

    private TestKey() {}

    public static SigningKey first() {
        return FIRST;
    }

    public static SigningKey second() {
        return SECOND;
    }

    private static SigningKey make(String name) {
        try {
            Path directory = Files.createTempDirectory("kernel-farm-key-");
            Path file = directory.resolve("key.asc");
            try {
                return SigningKey.readOrCreate(file, name + " Kernel Farm <kernel-farm@localhost>");
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new AssertionError("no key could be made", e);
        }
    }
}
