package io.kernelfarm.artifacts.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What packages need to know of an object file or program of 64 bits, low byte first: elf(5).
 *
 * @param buildId lower-case hexadecimal; empty if it has none
 * @param needed names of the libraries that it is linked with, each with the versions of its symbols: {@code libc.so.6} to
 *     {@code GLIBC_2.2.5}, {@code GLIBC_2.34}
 */
record ElfFile(String buildId, SortedMap<String, SortedSet<String>> needed) {
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F', 2, 1};
    private static final int SHT_DYNAMIC = 6;
    private static final int SHT_NOTE = 7;
    private static final int SHT_GNU_VERNEED = 0x6ffffffe;
    private static final int DT_NEEDED = 1;
    private static final int NT_GNU_BUILD_ID = 3;

    /** No section that is read here is larger in any real file. */
    private static final int MAX_SECTION_SIZE = 1 << 26;

    private record Section(int type, long offset, long size, int link) {}

    static boolean isElf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return isElf(channel);
        }
    }

    private static boolean isElf(FileChannel channel) throws IOException {
        return channel.size() >= 64
                && Arrays.equals(bytes(channel, 0, MAGIC.length).array(), MAGIC);
    }

    /** Throws {@link IOException} naming the file if it is none */
    static ElfFile read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (!isElf(channel)) {
                throw new IOException(file + " is no ELF file of 64 bits with the low byte first");
            }
            String buildId = "";
            SortedMap<String, SortedSet<String>> needed = new TreeMap<>();
            List<Section> sections = sections(channel);
            for (Section section : sections) {
                switch (section.type()) {
                    case SHT_NOTE -> buildId = buildId.isEmpty() ? buildId(content(channel, section)) : buildId;
                    case SHT_DYNAMIC ->
                        readNeeded(content(channel, section), content(channel, sections.get(section.link())), needed);
                    case SHT_GNU_VERNEED ->
                        readVersions(content(channel, section), content(channel, sections.get(section.link())), needed);
                    default -> {}
                }
            }
            return new ElfFile(buildId, needed);
        } catch (EOFException | IndexOutOfBoundsException | java.nio.BufferUnderflowException e) {
            throw new IOException(file + " is a damaged ELF file", e);
        }
    }

    private static List<Section> sections(FileChannel channel) throws IOException {
        ByteBuffer header = bytes(channel, 0, 64);
        long at = header.getLong(40);
        int size = header.getShort(58);
        int count = Short.toUnsignedInt(header.getShort(60));
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer section = bytes(channel, at + (long) i * size, 64);
            sections.add(new Section(section.getInt(4), section.getLong(24), section.getLong(32), section.getInt(40)));
        }
        return sections;
    }

    private static ByteBuffer content(FileChannel channel, Section section) throws IOException {
        if (section.size() < 0 || section.size() > MAX_SECTION_SIZE) {
            throw new EOFException();
        }
        return bytes(channel, section.offset(), (int) section.size());
    }

    private static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (offset < 0 || channel.read(buffer, offset + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    private static String buildId(ByteBuffer notes) {
        while (notes.remaining() >= 12) {
            byte[] name = new byte[notes.getInt()];
            byte[] description = new byte[notes.getInt()];
            int type = notes.getInt();
            notes.get(name).position(aligned(notes.position()));
            notes.get(description).position(Math.min(aligned(notes.position()), notes.limit()));
            if (type == NT_GNU_BUILD_ID && new String(name, US_ASCII).equals("GNU\0")) {
                return HexFormat.of().formatHex(description);
            }
        }
        return "";
    }

    private static int aligned(int position) {
        return (position + 3) / 4 * 4;
    }

    private static void readNeeded(ByteBuffer dynamic, ByteBuffer names, SortedMap<String, SortedSet<String>> needed) {
        while (dynamic.remaining() >= 16) {
            long tag = dynamic.getLong();
            long value = dynamic.getLong();
            if (tag == DT_NEEDED) {
                needed.computeIfAbsent(string(names, (int) value), library -> new TreeSet<>());
            }
        }
    }

    private static void readVersions(
            ByteBuffer versions, ByteBuffer names, SortedMap<String, SortedSet<String>> needed) {
        int at = 0;
        int next;
        do {
            String library = string(names, versions.getInt(at + 4));
            int symbol = at + versions.getInt(at + 8);
            for (int left = versions.getShort(at + 2); left > 0; left--) {
                needed.computeIfAbsent(library, any -> new TreeSet<>()).add(string(names, versions.getInt(symbol + 8)));
                symbol += versions.getInt(symbol + 12);
            }
            next = versions.getInt(at + 12);
            at += next;
        } while (next != 0);
    }

    private static String string(ByteBuffer names, int at) {
        int end = at;
        while (names.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - at];
        names.get(at, text);
        return new String(text, US_ASCII);
    }
}
