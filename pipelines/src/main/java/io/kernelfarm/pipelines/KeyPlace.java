package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.openpgp.UnusableKeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the key lies that signs what is published.
 *
 * @param given whether somebody named the file; one that nobody named is made on first use
 */
public record KeyPlace(Path file, boolean given) {

    /** The environment's name for a file with the key. */
    public static final String VARIABLE = "KERNEL_FARM_KEY";

    private static final String USER_ID = "Kernel Farm <kernel-farm@localhost>";

    public KeyPlace {
        file = file.toAbsolutePath().normalize();
    }

    /** What {@link #VARIABLE} names, or else the user's own {@code signing-key.asc}. */
    public static KeyPlace standard() {
        String named = System.getenv().getOrDefault(VARIABLE, "");
        return named.isEmpty()
                ? new KeyPlace(Xdg.folder("XDG_CONFIG_HOME", ".config").resolve("signing-key.asc"), false)
                : new KeyPlace(Path.of(named), true);
    }

    /**
     * The key.
     *
     * @throws FarmException wrong usage, if the file cannot be used
     */
    SigningKey key(Progress progress) throws IOException {
        try {
            if (given || Files.exists(file)) {
                return SigningKey.read(file);
            }
            progress.note(
                    "making a signing key in " + file + "; who loses it cannot publish under the same name again");
            return SigningKey.readOrCreate(file, USER_ID);
        } catch (UnusableKeyException e) {
            throw FarmException.usage(e.getMessage(), e);
        }
    }
}
