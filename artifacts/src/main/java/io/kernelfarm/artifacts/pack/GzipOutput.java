package io.kernelfarm.artifacts.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes one gzip stream (RFC 1952, RFC 1951) of blocks that are compressed side by side. Each but the last ends at a byte's
 * border, and each knows the 32 KiB before it, so that cutting costs next to nothing.
 */
public final class GzipOutput extends BlockOutput<ByteChunks> {
    private static final int BLOCK_SIZE = 1 << 20;
    private static final int WINDOW = 1 << 15;
    private static final int UNKNOWN_SYSTEM = 255;

    private final int level;
    private final CRC32 checksum = new CRC32();
    private long written;

    /** @param level 1 to 9 */
    public GzipOutput(OutputStream out, int level) throws IOException {
        super(out, "gzip", BLOCK_SIZE, 4L * BLOCK_SIZE);
        this.level = level;
        // Magic, deflate, no flags, no time, no hint, and no word about the machine.
        out.write(new byte[] {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) UNKNOWN_SYSTEM});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        checksum.update(bytes, offset, length);
        written += length;
        super.write(bytes, offset, length);
    }

    @Override
    ByteChunks compress(byte[] before, byte[] block, int length, boolean last) {
        Deflater deflater = new Deflater(level, true);
        try {
            int window = Math.min(before.length, WINDOW);
            deflater.setDictionary(before, before.length - window, window);
            deflater.setInput(block, 0, length);
            if (last) {
                deflater.finish();
            }
            ByteChunks compressed = new ByteChunks();
            byte[] buffer = new byte[1 << 16];
            int count = buffer.length;
            while (last ? !deflater.finished() : count == buffer.length) {
                count = deflater.deflate(buffer, 0, buffer.length, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
                compressed.write(buffer, 0, count);
            }
            return compressed;
        } finally {
            deflater.end();
        }
    }

    @Override
    void append(ByteChunks compressed, OutputStream out) throws IOException {
        compressed.writeTo(out);
    }

    @Override
    void finish(OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt((int) written)
                .array());
    }
}
