package io.kernelfarm.artifacts.openpgp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keys for tests: making one takes seconds, so each is made once, when it is first needed. */
public final class TestKey {
    private TestKey() {}

    private static final class First {
        private static final SigningKey KEY = make("First");
    }

    private static final class Second {
        private static final SigningKey KEY = make("Second");
    }

    public static SigningKey first() {
        return First.KEY;
    }

    public static SigningKey second() {
        return Second.KEY;
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
