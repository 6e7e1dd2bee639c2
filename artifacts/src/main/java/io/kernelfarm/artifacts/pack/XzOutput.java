package io.kernelfarm.artifacts.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.FinishableOutputStream;
import org.tukaani.xz.LZMA2Options;

/**
 * Writes one {@code .xz} stream (the .xz File Format, version 1.2.1) of blocks that are compressed side by side. As with
 * {@code xz -T}, a block has three dictionaries' length and tells its sizes, by which a reader may decompress several at once.
 */
public final class XzOutput extends BlockOutput<XzOutput.Block> {
    private static final byte[] MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};
    private static final byte[] FOOTER_MAGIC = {'Y', 'Z'};

    /** CRC32 at the end of each block: the one check that every decoder has, the kernel's and busybox' as well. */
    private static final byte[] FLAGS = {0, 1};

    private static final int CHECK_SIZE = 4;
    private static final int SIZES_PRESENT = 0xC0;
    private static final int LZMA2 = 0x21;
    private static final int SMALLEST_BLOCK = 1 << 20;
    private static final int LARGEST_BLOCK = 64 << 20;

    /**
     * A compressed block.
     *
     * @param content LZMA2's own chunks
     * @param check the CRC32 of what was compressed
     */
    record Block(ByteChunks content, int length, int check) {}

    /** What the index says of a block. */
    private record Sizes(long unpadded, long uncompressed) {}

    private final LZMA2Options options;
    private final ArrayCache arrays = new BasicArrayCache();
    private final List<Sizes> index = new ArrayList<>();

    /** @param level 0 to 9 */
    public XzOutput(OutputStream out, int level) throws IOException {
        this(out, level, new LZMA2Options(level));
    }

    private XzOutput(OutputStream out, int level, LZMA2Options options) throws IOException {
        super(
                out,
                "xz at level " + level,
                blockSize(options),
                options.getEncoderMemoryUsage() * 1024L + 2L * blockSize(options));
        this.options = options;
        out.write(MAGIC);
        out.write(FLAGS);
        out.write(littleEndian(crc32(FLAGS, FLAGS.length)));
    }

    private static int blockSize(LZMA2Options options) {
        return Math.max(SMALLEST_BLOCK, (int) Math.min(LARGEST_BLOCK, 3L * options.getDictSize()));
    }

    @Override
    Block compress(byte[] before, byte[] block, int length, boolean last) throws IOException {
        ByteChunks content = new ByteChunks();
        if (length > 0) {
            FinishableOutputStream lzma = options.getOutputStream(content, arrays);
            lzma.write(block, 0, length);
            lzma.finish();
        }
        return new Block(content, length, crc32(block, length));
    }

    @Override
    void append(Block block, OutputStream out) throws IOException {
        if (block.length() == 0) {
            return; // Nothing was written at all, or nothing after the last full block.
        }
        byte[] header = header(block);
        out.write(header);
        block.content().writeTo(out);
        out.write(new byte[padding(block.content().size())]);
        out.write(littleEndian(block.check()));
        index.add(new Sizes(header.length + block.content().size() + CHECK_SIZE, block.length()));
    }

    /** Its size, the sizes that follow, the one filter with its dictionary's size, padding, and its check. */
    private byte[] header(Block block) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.write(0); // Filled in below.
        fields.write(SIZES_PRESENT);
        number(fields, block.content().size());
        number(fields, block.length());
        number(fields, LZMA2);
        number(fields, 1);
        fields.write(dictionary(options.getDictSize()));
        fields.writeBytes(new byte[padding(fields.size())]);
        byte[] header = fields.toByteArray();
        // In units of four bytes, the check counted in, and one less.
        header[0] = (byte) (header.length / 4);
        fields.reset();
        fields.writeBytes(header);
        fields.writeBytes(littleEndian(crc32(header, header.length)));
        return fields.toByteArray();
    }

    /** The number for the smallest dictionary that is large enough; they go 4 KiB, 6 KiB, 8 KiB, 12 KiB, 16 KiB … */
    private static int dictionary(int size) {
        int number = 0;
        while ((2L | (number & 1)) << (number / 2 + 11) < size) {
            number++;
        }
        return number;
    }

    @Override
    void finish(OutputStream out) throws IOException {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.write(0); // Where a block's header has its size.
        number(fields, index.size());
        for (Sizes sizes : index) {
            number(fields, sizes.unpadded());
            number(fields, sizes.uncompressed());
        }
        fields.writeBytes(new byte[padding(fields.size())]);
        byte[] bytes = fields.toByteArray();
        out.write(bytes);
        out.write(littleEndian(crc32(bytes, bytes.length)));

        int indexSize = bytes.length + CHECK_SIZE;
        byte[] footer = ByteBuffer.allocate(4 + FLAGS.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(indexSize / 4 - 1)
                .put(FLAGS)
                .array();
        out.write(littleEndian(crc32(footer, footer.length)));
        out.write(footer);
        out.write(FOOTER_MAGIC);
    }

    private static int padding(long size) {
        return (int) (-size & 3);
    }

    /** Seven bits a byte, the lowest first; all but the last byte have the eighth. */
    private static void number(ByteArrayOutputStream fields, long value) {
        long left = value;
        while (left >= 0x80) {
            fields.write((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        fields.write((int) left);
    }

    private static int crc32(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }
}
