package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.repository.Packing.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Blocks of xz, and the stream around them (section 2 of "The .xz File Format"). A block carries nothing of its place in the
 * stream; so those of one stream may stand in another one with the same kind of check.
 */
final class XzBlocks {
    private static final int PRESET = 6;

    /** No part is larger by much, and a larger dictionary takes time to be cleared. */
    private static final int DICTIONARY = 1 << 20;

    static final int HEADER_SIZE = 12;
    private static final int FOOTER_SIZE = 12;

    private XzBlocks() {}

    /**
     * A block in the stream's index.
     *
     * @param unpadded without the zeros that fill it up to four bytes
     */
    record Sizes(long unpadded, long open) {}

    /** A whole stream of one block. */
    static byte[] block(byte[] open) throws IOException {
        LZMA2Options options = new LZMA2Options(PRESET);
        options.setDictSize(DICTIONARY);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (XZOutputStream out = new XZOutputStream(stream, options)) {
            out.write(open);
        }
        return stream.toByteArray();
    }

    /** The block of a stream that has only one. */
    static Part part(byte[] stream) {
        ByteBuffer bytes = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        int indexSize = (bytes.getInt(stream.length - FOOTER_SIZE + 4) + 1) * 4;
        int index = stream.length - FOOTER_SIZE - indexSize;
        // Past the index's mark and the number of records, which is 1.
        bytes.position(index + 2);
        return new Part(Arrays.copyOfRange(stream, HEADER_SIZE, index), number(bytes));
    }

    /** The part as a stream of its own. */
    static byte[] stream(Part part, long open) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(header());
        stream.writeBytes(part.bytes());
        stream.writeBytes(end(List.of(new Sizes(part.unpadded(), open))));
        return stream.toByteArray();
    }

    /** What begins every stream: its blocks have CRC64s. */
    static byte[] header() {
        byte[] flags = {0, 4};
        return ByteBuffer.allocate(HEADER_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0})
                .put(flags)
                .putInt(crc(flags))
                .array();
    }

    /** What ends a stream: the index of its blocks and the footer. */
    static byte[] end(List<Sizes> blocks) {
        ByteArrayOutputStream index = new ByteArrayOutputStream();
        index.write(0);
        number(index, blocks.size());
        for (Sizes block : blocks) {
            number(index, block.unpadded());
            number(index, block.open());
        }
        while (index.size() % 4 != 0) {
            index.write(0);
        }
        byte[] records = index.toByteArray();
        byte[] sizeAndFlags = ByteBuffer.allocate(6)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((records.length + 4) / 4 - 1)
                .put((byte) 0)
                .put((byte) 4)
                .array();
        return ByteBuffer.allocate(records.length + 4 + FOOTER_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(records)
                .putInt(crc(records))
                .putInt(crc(sizeAndFlags))
                .put(sizeAndFlags)
                .put((byte) 'Y')
                .put((byte) 'Z')
                .array();
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Seven bits in a byte, the lowest first; the eighth says that more follow. */
    private static void number(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        int shift = 0;
        byte next = in.get();
        while (next < 0) {
            value |= (long) (next & 0x7F) << shift;
            shift += 7;
            next = in.get();
        }
        return value | (long) next << shift;
    }
}
