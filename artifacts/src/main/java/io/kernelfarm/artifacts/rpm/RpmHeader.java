package io.kernelfarm.artifacts.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.unpack.PackageStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One header structure of an rpm, as read; every offset and count is checked before it is used. */
public final class RpmHeader {
    /** rpm's own bound on the number of tags ({@code HEADER_TAGS_MAX}). */
    private static final int MAX_TAGS = 0xFFFF;

    /** A package of 100,000 files needs some 10 MB; rpm allows 256 MB. */
    private static final int MAX_STORE = 32 << 20;

    /** Of one tag. In memory a value takes many times its place in the package. */
    private static final int MAX_VALUES = 1_000_000;

    private record Entry(int type, int offset, int count) {}

    private final Path file;
    private final byte[] bytes;
    private final ByteBuffer store;
    private final Map<Integer, Entry> entries = new HashMap<>();

    private RpmHeader(Path file, byte[] bytes, int indexCount) {
        this.file = file;
        this.bytes = bytes;
        int storeAt = RpmHeaderBuilder.MAGIC.length + 8 + indexCount * RpmHeaderBuilder.INDEX_ENTRY_SIZE;
        this.store = ByteBuffer.wrap(bytes, storeAt, bytes.length - storeAt).slice();
    }

    static RpmHeader read(Path file, PackageStream in) throws IOException {
        byte[] intro = in.readExactly(RpmHeaderBuilder.MAGIC.length + 8);
        ByteBuffer numbers = ByteBuffer.wrap(intro, RpmHeaderBuilder.MAGIC.length, 8);
        int indexCount = numbers.getInt();
        int storeSize = numbers.getInt();
        if (!Arrays.equals(
                RpmHeaderBuilder.MAGIC, 0, RpmHeaderBuilder.MAGIC.length, intro, 0, RpmHeaderBuilder.MAGIC.length)) {
            throw new PackageFormatException(file, "one of its headers has a wrong start");
        }
        if (indexCount < 1 || indexCount > MAX_TAGS || storeSize < 0 || storeSize > MAX_STORE) {
            throw new PackageFormatException(file, "one of its headers has an absurd size");
        }
        int restSize = indexCount * RpmHeaderBuilder.INDEX_ENTRY_SIZE + storeSize;
        byte[] bytes = Arrays.copyOf(intro, intro.length + restSize);
        in.readExactly(bytes, intro.length, restSize);

        RpmHeader header = new RpmHeader(file, bytes, indexCount);
        ByteBuffer index = ByteBuffer.wrap(bytes, intro.length, indexCount * RpmHeaderBuilder.INDEX_ENTRY_SIZE);
        for (int i = 0; i < indexCount; i++) {
            int tag = index.getInt();
            Entry entry = new Entry(index.getInt(), index.getInt(), index.getInt());
            if (entry.offset() < 0 || entry.offset() > storeSize || entry.count() < 0) {
                throw new PackageFormatException(file, "its tag " + tag + " lies outside of the header");
            }
            if (entry.type() != RpmHeaderBuilder.BINARY && entry.count() > MAX_VALUES) {
                throw new PackageFormatException(file, "its tag " + tag + " has an absurd number of values");
            }
            header.entries.putIfAbsent(tag, entry);
        }
        return header;
    }

    /** All of it as it stands in the package. */
    public byte[] bytes() {
        return bytes;
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /**
     * The string of a tag.
     *
     * @throws PackageFormatException if it is missing
     */
    public String string(int tag) throws PackageFormatException {
        return optionalString(tag).orElseThrow(() -> new PackageFormatException(file, "it has no tag " + tag));
    }

    public Optional<String> optionalString(int tag) throws PackageFormatException {
        return strings(tag).stream().findFirst();
    }

    /** Empty if the tag is missing. */
    public List<String> strings(int tag) throws PackageFormatException {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return List.of();
        }
        boolean single = entry.type() == RpmHeaderBuilder.STRING;
        if (!single && entry.type() != RpmHeaderBuilder.STRING_ARRAY && entry.type() != RpmHeaderBuilder.I18N_STRING) {
            throw new PackageFormatException(file, "its tag " + tag + " is no text");
        }
        List<String> values = new ArrayList<>();
        int at = entry.offset();
        for (int i = 0; i < (single ? 1 : entry.count()); i++) {
            int end = at;
            while (end < store.limit() && store.get(end) != 0) {
                end++;
            }
            if (end >= store.limit()) {
                throw new PackageFormatException(file, "the text of its tag " + tag + " has no end");
            }
            byte[] text = new byte[end - at];
            store.get(at, text);
            values.add(new String(text, UTF_8));
            at = end + 1;
        }
        return values;
    }

    /** Of any width, unsigned up to 32 bits; empty if the tag is missing. */
    public List<Long> numbers(int tag) throws PackageFormatException {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return List.of();
        }
        int width =
                switch (entry.type()) {
                    case 1, 2 -> 1;
                    case RpmHeaderBuilder.INT16 -> 2;
                    case RpmHeaderBuilder.INT32 -> 4;
                    case RpmHeaderBuilder.INT64 -> 8;
                    default -> throw new PackageFormatException(file, "its tag " + tag + " is no number");
                };
        if ((long) entry.count() * width > store.limit() - entry.offset()) {
            throw new PackageFormatException(file, "its tag " + tag + " lies outside of the header");
        }
        List<Long> values = new ArrayList<>(entry.count());
        for (int i = 0; i < entry.count(); i++) {
            int at = entry.offset() + i * width;
            values.add(
                    switch (width) {
                        case 1 -> (long) (store.get(at) & 0xFF);
                        case 2 -> (long) (store.getShort(at) & 0xFFFF);
                        case 4 -> store.getInt(at) & 0xFFFF_FFFFL;
                        default -> store.getLong(at);
                    });
        }
        return values;
    }

    /** The first of a short or a long form, or 0. */
    public long number(int... tags) throws PackageFormatException {
        for (int tag : tags) {
            List<Long> values = numbers(tag);
            if (!values.isEmpty()) {
                return values.get(0);
            }
        }
        return 0;
    }

    /** Gives all entries to a builder, but for the one that covers the others. */
    void copyTo(RpmHeaderBuilder builder) throws PackageFormatException {
        for (Map.Entry<Integer, Entry> one : entries.entrySet()) {
            Entry entry = one.getValue();
            if (one.getKey() >= RpmTag.HEADER_I18N_TABLE) {
                byte[] data = new byte[size(one.getKey(), entry)];
                store.get(entry.offset(), data);
                builder.raw(one.getKey(), entry.type(), entry.count(), data);
            }
        }
    }

    private int size(int tag, Entry entry) throws PackageFormatException {
        long size =
                switch (entry.type()) {
                    case RpmHeaderBuilder.INT16 -> 2L * entry.count();
                    case RpmHeaderBuilder.INT32 -> 4L * entry.count();
                    case RpmHeaderBuilder.INT64 -> 8L * entry.count();
                    case RpmHeaderBuilder.STRING, RpmHeaderBuilder.STRING_ARRAY, RpmHeaderBuilder.I18N_STRING -> {
                        long bytes = 0;
                        for (String text : strings(tag)) {
                            bytes += text.getBytes(UTF_8).length + 1;
                        }
                        yield bytes;
                    }
                    default -> entry.count();
                };
        if (size > store.limit() - entry.offset()) {
            throw new PackageFormatException(file, "its tag " + tag + " lies outside of the header");
        }
        return (int) size;
    }
}
