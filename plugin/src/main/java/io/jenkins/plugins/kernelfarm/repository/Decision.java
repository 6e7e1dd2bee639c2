package io.jenkins.plugins.kernelfarm.repository;

/**
 * What came of asking for a promotion, or for taking one back.
 *
 * @param done whether it was done
 * @param kernel whether it is the kernel's own fault that it was not: its matrix does not prove it
 * @param sentence what the farm says of it
 */
public record Decision(boolean done, boolean kernel, String sentence) {
    /** That of the farm program: the kernel failed. */
    private static final int KERNEL_FAILED = 1;

    static Decision of(FarmChild.Result result) {
        boolean done = result.code() == 0;
        String said = (done ? result.out() : result.err()).strip();
        String last = said.lines().reduce("", (before, line) -> line.isBlank() ? before : line);
        String first = said.lines().findFirst().orElse("");
        return new Decision(
                done,
                result.code() == KERNEL_FAILED,
                done
                        ? first
                        : last.isEmpty() ? "the farm ended with " + result.code() : last.replaceFirst("^farm: ", ""));
    }
}
