package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.pack.SourceFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Writes GNU's form of tar (tar(5)), which dpkg reads: headers of octal numbers, names beyond 100 bytes as an entry of their own,
 * sizes from 8 GiB on as binary numbers. Everything belongs to root and has one time.
 */
final class TarWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int RECORD = 20 * BLOCK;
    private static final int NAME_SIZE = 100;
    private static final long LARGEST_OCTAL = 0_77777777777L;
    private static final String LONG_ENTRY = "././@LongLink";
    private static final char FILE = '0';
    private static final char SYMLINK = '2';
    private static final char DIRECTORY = '5';
    private static final char LONG_LINK = 'K';
    private static final char LONG_NAME = 'L';

    private final OutputStream out;
    private final long mtime;
    private long written;

    /** @param mtime seconds since 1970 */
    TarWriter(OutputStream out, long mtime) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.mtime = mtime;
    }

    void directory(String name, int mode) throws IOException {
        header(name + "/", mode, 0, DIRECTORY, "");
    }

    void symlink(String name, String target) throws IOException {
        header(name, 0777, 0, SYMLINK, target);
    }

    void file(String name, int mode, byte[] content) throws IOException {
        header(name, mode, content.length, FILE, "");
        write(content);
        pad(BLOCK);
    }

    /** As {@link SourceFile#copyTo} has it. */
    void file(String name, int mode, SourceFile content, MessageDigest digest, byte[] buffer) throws IOException {
        header(name, mode, content.size(), FILE, "");
        content.copyTo(out, digest, buffer);
        written += content.size();
        pad(BLOCK);
    }

    private void header(String name, int mode, long size, char type, String target) throws IOException {
        longer(LONG_LINK, target);
        longer(LONG_NAME, name);
        shortHeader(name, mode, size, mtime, type, target);
    }

    /** What does not fit into the header stands before it, as a file's content, with a zero at its end. */
    private void longer(char type, String value) throws IOException {
        byte[] bytes = value.getBytes(UTF_8);
        if (bytes.length > NAME_SIZE) {
            shortHeader(LONG_ENTRY, 0644, bytes.length + 1, 0, type, "");
            write(Arrays.copyOf(bytes, bytes.length + 1));
            pad(BLOCK);
        }
    }

    private void shortHeader(String name, int mode, long size, long time, char type, String target) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BLOCK);
        text(header, 0, NAME_SIZE, name);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        if (size <= LARGEST_OCTAL) {
            octal(header, 124, 12, size);
        } else {
            header.put(124, (byte) 0x80).putLong(128, size);
        }
        octal(header, 136, 12, time);
        text(header, 148, 8, "        ");
        header.put(156, (byte) type);
        text(header, 157, NAME_SIZE, target);
        text(header, 257, 8, "ustar  ");
        text(header, 265, 32, "root");
        text(header, 297, 32, "root");
        int sum = 0;
        for (byte b : header.array()) {
            sum += b & 0xFF;
        }
        octal(header, 148, 7, sum);
        write(header.array());
    }

    private static void text(ByteBuffer header, int offset, int size, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        header.put(offset, bytes, 0, Math.min(size, bytes.length));
    }

    /** With leading zeros, and a zero byte at its end. */
    private static void octal(ByteBuffer header, int offset, int size, long value) {
        String digits = Long.toOctalString(value);
        header.put(offset, ("0".repeat(size - 1 - digits.length()) + digits + "\0").getBytes(US_ASCII));
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private void pad(int multiple) throws IOException {
        write(new byte[(int) ((multiple - written % multiple) % multiple)]);
    }

    /** Writes the end and closes the stream below. */
    @Override
    public void close() throws IOException {
        try (out) {
            write(new byte[2 * BLOCK]);
            pad(RECORD);
        }
    }
}
