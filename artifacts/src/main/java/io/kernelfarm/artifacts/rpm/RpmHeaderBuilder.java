package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes one header structure of an rpm: magic, index entries sorted by tag, data store, all of it covered by a region tag
 * (rpm's {@code docs/manual/format.md} and {@code lib/header.c}). Empty arrays are left out: rpm has no entry with count 0.
 */
public final class RpmHeaderBuilder {
    static final byte[] MAGIC = {(byte) 0x8e, (byte) 0xad, (byte) 0xe8, 1, 0, 0, 0, 0};
    static final int INDEX_ENTRY_SIZE = 16;
    static final int INT16 = 3;
    static final int INT32 = 4;
    static final int INT64 = 5;
    static final int STRING = 6;
    static final int BINARY = 7;
    static final int STRING_ARRAY = 8;
    static final int I18N_STRING = 9;

    private record Entry(int type, int count, ByteBuffer data) {
        int alignment() {
            return switch (type) {
                case INT16 -> 2;
                case INT32 -> 4;
                case INT64 -> 8;
                default -> 1;
            };
        }
    }

    private final SortedMap<Integer, Entry> entries = new TreeMap<>();

    void string(int tag, String value) {
        entries.put(tag, new Entry(STRING, 1, ByteBuffer.wrap(strings(List.of(value)))));
    }

    /** A text that could be translated; here there is one language, {@code C}. */
    void text(int tag, String value) {
        entries.put(tag, new Entry(I18N_STRING, 1, ByteBuffer.wrap(strings(List.of(value)))));
    }

    public void strings(int tag, List<String> values) {
        put(tag, STRING_ARRAY, values.size(), strings(values));
    }

    void int16s(int tag, List<Integer> values) {
        ByteBuffer data = ByteBuffer.allocate(values.size() * 2);
        values.forEach(value -> data.putShort(value.shortValue()));
        put(tag, INT16, values.size(), data.array());
    }

    /** Values are unsigned. */
    void int32s(int tag, List<Long> values) {
        ByteBuffer data = ByteBuffer.allocate(values.size() * 4);
        values.forEach(value -> data.putInt(value.intValue()));
        put(tag, INT32, values.size(), data.array());
    }

    void int32(int tag, long value) {
        int32s(tag, List.of(value));
    }

    void int64s(int tag, List<Long> values) {
        ByteBuffer data = ByteBuffer.allocate(values.size() * 8);
        values.forEach(data::putLong);
        put(tag, INT64, values.size(), data.array());
    }

    void binary(int tag, byte[] value) {
        put(tag, BINARY, value.length, value);
    }

    /** An entry whose data is already in rpm's form. */
    void raw(int tag, int type, int count, byte[] data) {
        put(tag, type, count, data);
    }

    void remove(int tag) {
        entries.remove(tag);
    }

    private void put(int tag, int type, int count, byte[] data) {
        if (count > 0) {
            entries.put(tag, new Entry(type, count, ByteBuffer.wrap(data)));
        }
    }

    private static byte[] strings(List<String> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String value : values) {
            bytes.writeBytes(value.getBytes(UTF_8));
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    /** The header.
     * @param region {@link RpmTag#HEADER_SIGNATURES} or {@link RpmTag#HEADER_IMMUTABLE} */
    public byte[] build(int region) {
        int indexCount = entries.size() + 1;
        ByteBuffer index = ByteBuffer.allocate(indexCount * INDEX_ENTRY_SIZE);
        ByteArrayOutputStream store = new ByteArrayOutputStream();
        index.position(INDEX_ENTRY_SIZE);
        entries.forEach((tag, entry) -> {
            while (store.size() % entry.alignment() != 0) {
                store.write(0);
            }
            index.putInt(tag).putInt(entry.type()).putInt(store.size()).putInt(entry.count());
            store.writeBytes(entry.data().array());
        });
        // The region's data is an index entry again, whose negative offset leads back to the start of the index.
        int trailerAt = store.size();
        ByteBuffer trailer = ByteBuffer.allocate(INDEX_ENTRY_SIZE);
        trailer.putInt(region)
                .putInt(BINARY)
                .putInt(-indexCount * INDEX_ENTRY_SIZE)
                .putInt(INDEX_ENTRY_SIZE);
        store.writeBytes(trailer.array());
        index.putInt(0, region).putInt(4, BINARY).putInt(8, trailerAt).putInt(12, INDEX_ENTRY_SIZE);

        return ByteBuffer.allocate(MAGIC.length + 8 + index.capacity() + store.size())
                .put(MAGIC)
                .putInt(indexCount)
                .putInt(store.size())
                .put(index.array())
                .put(store.toByteArray())
                .array();
    }
}
