package io.kernelfarm.configs;

import java.io.IOException;

/** The kernel's own configuration tool could not be run, or ended with an error. The message carries its last lines. */
public final class KconfigException extends IOException {
    KconfigException(String message) {
        super(message);
    }

    KconfigException(String message, IOException cause) {
        super(message, cause);
    }
}
