package io.kernelfarm.pipelines;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * What make says in a build: a plain file that people can follow while it grows, and compressed (gzip, RFC 1952) when it is over. Warnings
 * are counted by the file that they are about.
 */
final class BuildLog implements AutoCloseable {

    /** Of a compiler, as {@code FILE:LINE:COLUMN: warning: …}, or of a tool, as {@code FILE: warning: objtool: …}. */
    private static final Pattern WARNING = Pattern.compile("^(\\S+?)(?::\\d+(?::\\d+)?)?: warning: .*$");

    /** Of the kernel's check of sections and symbols: {@code WARNING: modpost: FILE: …}, {@code …vmlinux.o(.text+0x1): …}. */
    private static final Pattern MODPOST = Pattern.compile("^WARNING: modpost: ([^\\s:(]+).*$");

    private final Path file;
    private final String source;
    private final BufferedWriter writer;
    private final SortedMap<String, Integer> warnings = new TreeMap<>();

    /**
     * Begins a log.
     *
     * @param file where it is while it grows
     * @param source the tree that is built: files are named from its root
     */
    BuildLog(Path file, Path source) throws IOException {
        this.file = file;
        this.source = source + "/";
        this.writer = Files.newBufferedWriter(file);
    }

    void add(String line) {
        try {
            writer.write(line);
            writer.newLine();
            writer.flush(); // People follow the log, and a build that is ended leaves what it had said.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        count(line);
    }

    private void count(String line) {
        if (line.indexOf("arning: ") < 0 && !line.startsWith("WARNING: ")) {
            return;
        }
        Matcher warning = WARNING.matcher(line);
        Matcher modpost = MODPOST.matcher(line);
        if (warning.matches()) {
            warnings.merge(name(warning.group(1)), 1, Integer::sum);
        } else if (modpost.matches()) {
            warnings.merge(name(modpost.group(1)), 1, Integer::sum);
        }
    }

    /** A path from the root of the source tree: compilers are called in the object tree. */
    private String name(String path) {
        return path.startsWith(source) ? path.substring(source.length()) : path;
    }

    /** How many warnings there were of each file; none of files that were up to date. */
    SortedMap<String, Integer> warnings() {
        return Collections.unmodifiableSortedMap(warnings);
    }

    /** Ends it, and leaves it compressed as {@code compressed} and no longer as it was. */
    void compressTo(Path compressed) throws IOException {
        close();
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(file, out);
        }
        Files.delete(file);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
