package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes the {@code newc} form of cpio(5), in which rpm keeps files up to 4 GiB: a header of hexadecimal numbers, the name, the
 * content, the last two padded with zeros to a multiple of four bytes.
 */
public final class CpioWriter extends FilterOutputStream {
    static final long MAX_FILE_SIZE = 0xFFFF_FFFFL;
    static final String TRAILER = "TRAILER!!!";

    private long written;

    CpioWriter(OutputStream out) {
        super(out);
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

    /**
     * @param mode with the file type's bits
     * @param size how many bytes the content must have
     */
    void entry(String name, int inode, int mode, long mtime, long size, InputStream content) throws IOException {
        header(name, inode, mode, mtime, size, 1);
        long copied = content.transferTo(this);
        if (copied != size) {
            throw new IOException(name + " changed from " + size + " to " + copied + " bytes while it was packed");
        }
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
