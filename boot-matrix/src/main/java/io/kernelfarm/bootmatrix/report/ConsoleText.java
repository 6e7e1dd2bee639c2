package io.kernelfarm.bootmatrix.report;

import java.util.regex.Pattern;

/**
 * A console prints what a kernel, a firmware or an attacker wants. Before such a line goes to a terminal, into XML or
 * onto a page it passes through here. What comes out has no control character but the tab, and no character that XML 1.0
 * forbids; it is still text, and markup has to be escaped where markup is written.
 */
public final class ConsoleText {

    /**
     * The escape sequences that carry no text of their own: control sequences, and escapes of two bytes (ECMA-48, 5.3 to
     * 5.5). The string sequences (OSC, DCS, ...) are not among them: what they hide from a terminal is shown here.
     */
    private static final Pattern TEXTLESS_ESCAPE =
            Pattern.compile("\u001B(?:\\[[0-?]*[ -/]*[@-~]|[ -/]*[0-OQ-WYZ\\\\`-~])");

    private static final char REPLACEMENT = '\uFFFD';

    private ConsoleText() {}

    /**
     * {@code line} with colours and cursor movements left out, other controls shown as terminals echo them
     * ({@code ^G}), and characters that are invisible or turn the direction of writing shown as U+FFFD.
     */
    public static String harmless(String line) {
        if (isPlain(line)) {
            return line;
        }
        StringBuilder out = new StringBuilder(line.length());
        TEXTLESS_ESCAPE.matcher(line).replaceAll("").codePoints().forEach(c -> appendVisible(out, c));
        return out.toString();
    }

    private static boolean isPlain(String line) {
        return line.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    private static void appendVisible(StringBuilder out, int c) {
        if (c == '\t') {
            out.append('\t');
        } else if (c < ' ') {
            out.append('^').append((char) (c + '@'));
        } else if (c == 0x7F) {
            out.append("^?");
        } else {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> out.append(REPLACEMENT);
                default -> out.appendCodePoint(c);
            }
        }
    }
}
