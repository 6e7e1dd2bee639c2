package io.kernelfarm.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/**
 * Where a package puts something: absolute, normal (no empty, {@code .} or {@code ..} part, no slash at the end), without
 * control characters, and within Linux' limits of 255 bytes a name and 4095 bytes a path. The root itself is none.
 */
public record InstallPath(String value) implements Comparable<InstallPath> {
    private static final int MAX_NAME_BYTES = 255;
    public static final int MAX_PATH_BYTES = 4095;

    /** Throws {@link IllegalArgumentException} if the value breaks one of the rules */
    public InstallPath {
        if (!value.startsWith("/")) {
            throw refused(value, "is not absolute");
        }
        if (value.chars().anyMatch(c -> Character.isISOControl(c) || c == '\uFFFD')) {
            throw refused(value, "has a control character or is not UTF-8");
        }
        if (value.getBytes(UTF_8).length > MAX_PATH_BYTES) {
            throw refused(value, "is longer than " + MAX_PATH_BYTES + " bytes");
        }
        for (String name : value.substring(1).split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw refused(value, "has an empty, '.' or '..' part");
            }
            if (name.getBytes(UTF_8).length > MAX_NAME_BYTES) {
                throw refused(value, "has a part longer than " + MAX_NAME_BYTES + " bytes");
            }
        }
    }

    private static IllegalArgumentException refused(String value, String why) {
        String printable = value.replaceAll("\\p{Cntrl}", "?");
        String shown = printable.length() > 100 ? printable.substring(0, 100) + "…" : printable;
        return new IllegalArgumentException("path '" + shown + "' " + why + "; a package needs a plain absolute path");
    }

    /** The directory it lies in; empty below the root. */
    public Optional<InstallPath> parent() {
        int slash = value.lastIndexOf('/');
        return slash == 0 ? Optional.empty() : Optional.of(new InstallPath(value.substring(0, slash)));
    }

    /** Its last part. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** Without the slash in front, for resolving below another root. */
    public String relative() {
        return value.substring(1);
    }

    /** A path below this one; the child is relative and of plain names. */
    public InstallPath resolve(String child) {
        return new InstallPath(value + "/" + child);
    }

    @Override
    public int compareTo(InstallPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
