package io.kernelfarm.artifacts;

import java.io.IOException;
import java.nio.file.Path;

/** A package is damaged, hostile, or of a form that is not read here; it is the only way a reader refuses a package. */
public final class PackageFormatException extends IOException {
    private final String what;

    public PackageFormatException(Path file, String what) {
        this(file, what, null);
    }

    public PackageFormatException(Path file, String what, Throwable cause) {
        super(file + " cannot be read as a package: " + what, cause);
        this.what = what;
    }

    /** What is wrong, without the file's name. */
    public String what() {
        return what;
    }
}
