package io.kernelfarm.artifacts;

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
        int bytes = 1;
        int nameStart = 1;
        int nameBytes = 0;
        // One pass: a kernel has tens of thousands of these.
        for (int i = 1; i <= value.length(); i++) {
            char c = i < value.length() ? value.charAt(i) : '/';
            if (c == '/') {
                checkName(value, nameStart, i, nameBytes);
                nameStart = i + 1;
                nameBytes = 0;
                bytes++;
            } else if (Character.isISOControl(c) || c == '\uFFFD' || isHalfACharacter(value, i)) {
                throw refused(value, "has a control character or is not UTF-8");
            } else {
                int size = c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
                nameBytes += size;
                bytes += size;
            }
        }
        if (bytes - 1 > MAX_PATH_BYTES) {
            throw refused(value, "is longer than " + MAX_PATH_BYTES + " bytes");
        }
    }

    private static void checkName(String value, int start, int end, int bytes) {
        String name = value.substring(start, end);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw refused(value, "has an empty, '.' or '..' part");
        }
        if (bytes > MAX_NAME_BYTES) {
            throw refused(value, "has a part longer than " + MAX_NAME_BYTES + " bytes");
        }
    }

    /** A surrogate without its other half. */
    private static boolean isHalfACharacter(String value, int i) {
        char c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && !Character.isHighSurrogate(value.charAt(i - 1));
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
