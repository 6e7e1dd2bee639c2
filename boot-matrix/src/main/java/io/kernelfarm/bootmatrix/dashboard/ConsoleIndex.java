package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What there is to know of a console log before any of its text is read: {@code consoles/<console>/index.json}, its names in
 * snake_case.
 *
 * @param version of this format and that of the pieces
 * @param logBytes how long the log is
 * @param logModified when it was written last, in milliseconds since 1970
 * @param lines how many lines the log has
 * @param columns characters of its longest line as it is shown
 * @param timed whether it is known when each line reached the farm
 * @param pieceLines lines in each piece but the last: line {@code n} is in piece {@code (n - 1) / pieceLines}
 * @param pieces how many pieces there are; they are scripts, {@code 0.js} the first
 * @param evidence numbers of the lines that a verdict rests on, from 1
 * @param excerpt lines to show before any piece is loaded: evidence and what stands around it, or else the last ones
 */
record ConsoleIndex(
        int version,
        long logBytes,
        long logModified,
        int lines,
        int columns,
        boolean timed,
        int pieceLines,
        int pieces,
        List<Integer> evidence,
        List<Line> excerpt) {

    static final int VERSION = 1;

    ConsoleIndex {
        evidence = List.copyOf(evidence);
        excerpt = List.copyOf(excerpt);
    }

    /** A line with its number, from 1. */
    record Line(int line, String text) {}

    /** Whether it was made from a log of {@code bytes}, written at {@code modified}, with this evidence. */
    boolean isOf(long bytes, long modified, List<Integer> lines) {
        return version == VERSION && logBytes == bytes && logModified == modified && evidence.equals(lines);
    }

    void write(Path json) throws IOException {
        DataFile.write(json, DataFile.tree(this));
    }

    /** The one that {@code json} holds; empty if there is none that can be understood. */
    static Optional<ConsoleIndex> read(Path json) throws IOException {
        return DataFile.read(json, ConsoleIndex.class);
    }
}
