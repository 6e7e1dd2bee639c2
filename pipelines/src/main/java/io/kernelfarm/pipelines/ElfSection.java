package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A section of an ELF file that has bytes in it: elf(5).
 *
 * @param offset in the file, in bytes
 * @param size in bytes
 */
record ElfSection(String name, long offset, long size) {

    /** A hash of the rest of the file: it differs wherever anything does. */
    private static final String BUILD_ID = ".note.gnu.build-id";

    /** A line of {@code readelf --wide --section-headers}: number, name, type, address, offset and size, the last three hexadecimal. */
    private static final Pattern LINE =
            Pattern.compile("\\s*\\[\\s*\\d+] (\\S+)\\s+(\\S+)\\s+[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) .*");

    /** Those of {@code file}, as they lie in it; none if it is no ELF file. */
    static List<ElfSection> of(Path file) throws IOException {
        Command.Result result = Command.of("readelf", "--wide", "--section-headers", file.toString())
                .run();
        return result.exit() != 0
                ? List.of()
                : result.output()
                        .lines()
                        .map(LINE::matcher)
                        .filter(Matcher::matches)
                        .filter(line -> !line.group(2).equals("NOBITS"))
                        .map(line -> new ElfSection(
                                line.group(1), Long.parseLong(line.group(3), 16), Long.parseLong(line.group(4), 16)))
                        .toList();
    }

    boolean isBuildId() {
        return name.equals(BUILD_ID);
    }

    long end() {
        return offset + size;
    }

    /** The first byte, from the section's begin, in which {@code file}'s differs from {@code another} one of {@code elsewhere}; -1 if none does. */
    long mismatch(Path file, ElfSection another, Path elsewhere) throws IOException {
        try (FileChannel ours = FileChannel.open(file);
                FileChannel theirs = FileChannel.open(elsewhere)) {
            return mapped(ours).mismatch(another.mapped(theirs));
        }
    }

    private MappedByteBuffer mapped(FileChannel file) throws IOException {
        return file.map(FileChannel.MapMode.READ_ONLY, offset, size);
    }
}
