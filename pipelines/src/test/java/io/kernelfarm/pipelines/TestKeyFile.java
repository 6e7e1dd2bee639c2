package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A signing key for all tests of one process: making one takes a second or two. It never is the user's own. */
public final class TestKeyFile {

    private static final Path FILE = make();

    private TestKeyFile() {}

    public static KeyPlace place() {
        return new KeyPlace(FILE, true);
    }

    public static Path file() {
        return FILE;
    }

    private static Path make() {
        try {
            Path folder = Files.createTempDirectory("kernel-farm-key-");
            Path file = folder.resolve("signing-key.asc");
            SigningKey.readOrCreate(file, "Kernel Farm's tests <kernel-farm@localhost>");
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
