package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.unpack.BoundedInput;
import io.kernelfarm.artifacts.unpack.PackageStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** Reads the {@code newc} form of cpio(5), and rpm's stripped form of it, whose headers only point into the package's list. */
final class CpioReader {
    private static final int HEADER_SIZE = 110;
    private static final int STRIPPED_HEADER_SIZE = 14;
    private static final int MAX_NAME = 4097;

    /** @param links how many names the inode has */
    record Entry(String name, long inode, long device, int mode, long links, long size) {}

    /** The package's list of files, for the stripped form. */
    interface Listing {
        Entry at(long index) throws PackageFormatException;
    }

    private final Path file;
    private final PackageStream in;
    private final Listing listing;
    private long position;

    CpioReader(Path file, PackageStream in, Listing listing) {
        this.file = file;
        this.in = in;
        this.listing = listing;
    }

    /** The next entry, or null after the last; the content of the one before must have been read and ended. */
    Entry next() throws IOException {
        String start = new String(read(STRIPPED_HEADER_SIZE), US_ASCII);
        if (start.matches(CpioWriter.STRIPPED_MAGIC + "[0-9A-Fa-f]{8}")) {
            skipPadding();
            return listing.at(number(start, 0));
        }
        String header = start + new String(read(HEADER_SIZE - STRIPPED_HEADER_SIZE), US_ASCII);
        if (!header.matches("07070[12][0-9A-Fa-f]{104}")) {
            throw new PackageFormatException(file, "its payload is no cpio of the newc form");
        }
        long nameSize = number(header, 11);
        if (nameSize < 1 || nameSize > MAX_NAME) {
            throw new PackageFormatException(file, "a name in its payload has " + nameSize + " bytes");
        }
        byte[] name = read((int) nameSize);
        skipPadding();
        Entry entry = new Entry(
                new String(name, 0, name.length - 1, UTF_8),
                number(header, 0),
                number(header, 7) << 32 | number(header, 8),
                (int) number(header, 1),
                number(header, 4),
                number(header, 6));
        return entry.name().equals(CpioWriter.TRAILER) ? null : entry;
    }

    /** The content, to be read to its end before {@link #endContent}. */
    InputStream content(Entry entry) throws IOException {
        return PackageStream.open(file, entry.size(), () -> new BoundedInput(in, entry.size()));
    }

    void endContent(Entry entry, InputStream content) throws IOException {
        content.transferTo(OutputStream.nullOutputStream());
        position += entry.size();
        skipPadding();
    }

    private static long number(String header, int field) {
        return Long.parseLong(header.substring(6 + field * 8, 14 + field * 8), 16);
    }

    private byte[] read(int count) throws IOException {
        position += count;
        return in.readExactly(count);
    }

    private void skipPadding() throws IOException {
        read((int) ((4 - position % 4) % 4));
    }
}
