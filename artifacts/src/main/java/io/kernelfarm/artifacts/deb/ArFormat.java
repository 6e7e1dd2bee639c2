package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.unpack.BoundedInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/** The archive around a deb: ar(5), with short names only. */
final class ArFormat {
    private static final byte[] MAGIC = "!<arch>\n".getBytes(US_ASCII);
    private static final int HEADER_SIZE = 60;
    private static final String HEADER_END = "`\n";

    /** Ten decimal digits. */
    private static final long MAX_SIZE = 9_999_999_999L;

    private ArFormat() {}

    static boolean recognizes(byte[] start) {
        return Arrays.equals(start, MAGIC);
    }

    static void start(OutputStream out) throws IOException {
        out.write(MAGIC);
    }

    /**
     * Writes the header of a member; the content follows, and after it {@link #end}.
     *
     * @param mtime seconds since 1970
     * @throws IOException if the size does not fit into the format
     */
    static void member(OutputStream out, String name, long size, long mtime) throws IOException {
        if (size > MAX_SIZE) {
            throw new IOException("the deb's member %s has %d bytes, and %d is the most that a deb can hold; "
                            .formatted(name, size, MAX_SIZE)
                    + "split the package or compress it more");
        }
        out.write("%-16s%-12d%-6d%-6d%-8s%-10d%s"
                .formatted(name, mtime, 0, 0, "100644", size, HEADER_END)
                .getBytes(US_ASCII));
    }

    /** Members start at even places. */
    static void end(OutputStream out, long size) throws IOException {
        if (size % 2 != 0) {
            out.write('\n');
        }
    }

    /** @param name goes on with the compression's suffix */
    record Member(String name, InputStream content) {}

    /** Goes to the first member of a deb whose name is {@code prefix} or starts with it and a dot. */
    static Member find(Path file, InputStream raw, String prefix) throws IOException {
        if (!recognizes(raw.readNBytes(MAGIC.length))) {
            throw new PackageFormatException(file, "it is no deb");
        }
        boolean first = true;
        while (true) {
            byte[] header = raw.readNBytes(HEADER_SIZE);
            String text = new String(header, US_ASCII);
            if (header.length < HEADER_SIZE || !text.endsWith(HEADER_END)) {
                throw new PackageFormatException(file, "it has no member " + prefix);
            }
            String name = text.substring(0, 16).strip().replaceAll("/$", "");
            String sizeText = text.substring(48, 58).strip();
            if (!sizeText.matches("[0-9]+")) {
                throw new PackageFormatException(file, "its member " + printable(name) + " has no size");
            }
            long size = Long.parseLong(sizeText);
            if (first && !name.equals("debian-binary")) {
                throw new PackageFormatException(file, "its first member is not debian-binary");
            }
            first = false;
            if (name.equals(prefix) || name.startsWith(prefix + ".")) {
                return new Member(name, new BoundedInput(raw, size));
            }
            // Ends with an exception where the file ends.
            raw.skipNBytes(size + size % 2);
        }
    }

    private static String printable(String name) {
        return name.replaceAll("[^ -~]", "?");
    }
}
