package io.kernelfarm.pipelines;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a kernel does not compile, found in what make and its programs wrote to their standard error.
 *
 * @param sentence file, line and message of the compiler's first error; else the linker's or make's own words
 * @param lines those that matter, at most {@link #LINES}: where the compiler came from, what it says, the code, and its notes
 */
record CompilerFault(String sentence, List<String> lines) {

    static final int LINES = 10;

    /** {@code FILE:LINE:COLUMN: error: MESSAGE}, as gcc and clang have it. */
    private static final Pattern ERROR = Pattern.compile("^(\\S+?:\\d+)(?::\\d+)?: (?:fatal )?error: (.*)$");

    /** What leads to an error: {@code In file included from FILE:LINE,}, its further lines, {@code FILE: In function 'f':}. */
    private static final Pattern LEADING =
            Pattern.compile("^(?:In file included from .*|\\s+(?:inlined )?from .*|\\S+: (?:In|At) .*:)$");

    /** Linker, modpost, objtool, and make where a file is missing. */
    private static final Pattern OTHER = Pattern.compile(
            "^(?:ERROR: .*|.*undefined reference to .*|.*multiple definition of .*|\\S*ld: .*|.*: No rule to make target .*)$");

    /** make counts what failed on its way out, which says nothing where something else does. */
    private static final Pattern MAKE = Pattern.compile("^make(?:\\[\\d+])?: \\*\\*\\* .*$");

    private static final Pattern MESSAGE = Pattern.compile("^\\S+?:\\d+(?::\\d+)?: (?:fatal error|error|warning): .*$");

    CompilerFault {
        lines = List.copyOf(lines);
    }

    static CompilerFault in(String errors) {
        List<String> said = errors.lines().toList();
        for (int at = 0; at < said.size(); at++) {
            Matcher error = ERROR.matcher(said.get(at));
            if (error.matches()) {
                return new CompilerFault(error.group(1) + ": " + error.group(2), around(said, at));
            }
        }
        return all(said, OTHER).or(() -> all(said, MAKE)).orElse(new CompilerFault("make gave no reason", last(said)));
    }

    /** The message in line {@code at} with what leads to it and what belongs to it. */
    private static List<String> around(List<String> said, int at) {
        int first = at;
        while (first > 0
                && at - first < LINES / 2
                && LEADING.matcher(said.get(first - 1)).matches()) {
            first--;
        }
        int end = at + 1;
        while (end < said.size() && end - first < LINES && belongs(said.get(end))) {
            end++;
        }
        return said.subList(first, end);
    }

    /** The code and the notes below a message, up to another one. */
    private static boolean belongs(String line) {
        return !MESSAGE.matcher(line).matches()
                && !LEADING.matcher(line).matches()
                && !MAKE.matcher(line).matches();
    }

    private static Optional<CompilerFault> all(List<String> said, Pattern pattern) {
        List<String> found =
                said.stream().filter(line -> pattern.matcher(line).matches()).toList();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new CompilerFault(
                        found.get(0).strip(), found.stream().limit(LINES).toList()));
    }

    private static List<String> last(List<String> said) {
        return new ArrayList<>(said.subList(Math.max(0, said.size() - LINES), said.size()));
    }
}
