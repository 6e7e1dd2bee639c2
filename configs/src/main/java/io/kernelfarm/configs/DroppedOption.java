package io.kernelfarm.configs;

/**
 * A wish that the kernel's own configuration tool did not grant.
 *
 * @param option without {@code CONFIG_}
 * @param wanted the value that was wished for
 * @param got the value it has; {@code n} if it is not set
 * @param fragment that wished for it
 * @param line in that fragment's file, from 1; 0 if it has no line
 * @param why as far as the tree's Kconfig files tell, without a full stop
 */
public record DroppedOption(String option, String wanted, String got, String fragment, int line, String why) {
    /** All of it in one sentence. */
    public String sentence() {
        return new Wish(option, wanted, fragment, line).place() + ": CONFIG_" + option + " was wanted as " + wanted
                + " and is " + got + ": " + why;
    }
}
