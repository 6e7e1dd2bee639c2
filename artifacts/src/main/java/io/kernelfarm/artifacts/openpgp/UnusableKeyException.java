package io.kernelfarm.artifacts.openpgp;

import java.io.IOException;
import java.nio.file.Path;

/** A file does not hold a key that can sign; its message is one sentence that says why and what to do. */
public final class UnusableKeyException extends IOException {
    UnusableKeyException(Path file, String why) {
        super("the signing key " + file + " cannot be used: " + why);
    }

    UnusableKeyException(Path file, String why, Throwable cause) {
        super("the signing key " + file + " cannot be used: " + why, cause);
    }
}
