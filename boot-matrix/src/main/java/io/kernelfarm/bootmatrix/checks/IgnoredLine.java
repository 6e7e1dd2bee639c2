package io.kernelfarm.bootmatrix.checks;

import java.util.regex.Pattern;

/**
 * A line of a kernel's log that would fail a cell, and does not.
 *
 * @param pattern found in the line
 * @param reason why it is harmless
 * @param bug where that can be read up: an address or a bug's number
 */
public record IgnoredLine(Pattern pattern, String reason, String bug) {
    /** Throws {@link IllegalArgumentException} if nobody could tell later why the line is ignored. */
    public IgnoredLine {
        if (reason.isBlank() || bug.isBlank()) {
            throw new IllegalArgumentException("the ignored line '" + pattern
                    + "' has no reason or no bug; say why it is harmless, and where that is written");
        }
    }
}
