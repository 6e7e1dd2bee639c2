package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes the {@code newc} form of cpio(5), in which rpm keeps files up to 4 GiB: a header of hexadecimal numbers, the name, the
 * content, the last two padded with zeros to a multiple of four bytes. If one file is larger, all have rpm's stripped form instead
 * ({@code lib/cpio.c} of rpm 4.12 and later): the header is a magic and the file's place in the package's list, which knows the
 * rest.
 */
final class CpioWriter extends FilterOutputStream {
    /** A file of one byte more, which is the largest number of the header, is refused by rpm already. */
    static final long MAX_FILE_SIZE = 0xFFFF_FFFEL;

    static final String STRIPPED_MAGIC = "07070X";
    static final String TRAILER = "TRAILER!!!";

    private final boolean stripped;
    private long written;

    CpioWriter(OutputStream out, boolean stripped) {
        super(out);
        this.stripped = stripped;
    }

    /** Bytes of the archive so far. */
    long written() {
        return written;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        written++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        written += length;
    }

    /** Writes exactly as many bytes as were announced. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * @param index in the package's list of files
     * @param mode with the file type's bits
     * @param size how many bytes the content has
     */
    void entry(int index, String name, int mode, long mtime, long size, Content content) throws IOException {
        if (stripped) {
            write((STRIPPED_MAGIC + "%08X".formatted(index)).getBytes(UTF_8));
            pad();
        } else {
            header(name, index + 1, mode, mtime, size, 1);
        }
        content.writeTo(this);
        pad();
    }

    void trailer() throws IOException {
        header(TRAILER, 0, 0, 0, 0, 1);
    }

    private void header(String name, int inode, int mode, long mtime, long size, int links) throws IOException {
        byte[] nameBytes = name.getBytes(UTF_8);
        // magic, inode, mode, uid, gid, links, mtime, size, device, special device, length of the name, checksum
        write("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
                .formatted(inode, mode, 0, 0, links, mtime, size, 0, 0, 0, 0, nameBytes.length + 1, 0)
                .getBytes(UTF_8));
        write(nameBytes);
        write(0);
        pad();
    }

    private void pad() throws IOException {
        while (written % 4 != 0) {
            write(0);
        }
    }
}
