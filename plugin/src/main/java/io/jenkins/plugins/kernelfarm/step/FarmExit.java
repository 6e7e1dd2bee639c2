package io.jenkins.plugins.kernelfarm.step;

import hudson.model.Result;

/**
 * What the exit code of the {@code farm} program says about a run, and the result that a Jenkins build gets for it.
 *
 * <p>The farm's own fault becomes {@link Result#NOT_BUILT}, so that nobody takes it for a kernel that failed.
 */
enum FarmExit {
    PROVED("the kernel is built and proved"),
    KERNEL_FAILED("the kernel failed; the verdicts and the places of the console logs are above"),
    WRONG_USAGE("the farm does not accept this command or spec; what it says about it is above"),
    FARM_FAULT("the farm itself failed, which says nothing about the kernel; the cause is above");

    private final String meaning;

    FarmExit(String meaning) {
        this.meaning = meaning;
    }

    /**
     * Reads an exit code. A code that the program does not use (127 from a shell, 137 from a KILL) is a fault of the
     * farm as well: whoever ended the program so, it was not the kernel under test.
     */
    static FarmExit of(int code) {
        return switch (code) {
            case 0 -> PROVED;
            case 1 -> KERNEL_FAILED;
            case 2 -> WRONG_USAGE;
            default -> FARM_FAULT;
        };
    }

    /** @param kernelFailure what a job wants for a kernel that failed */
    Result result(KernelFailure kernelFailure) {
        return switch (this) {
            case PROVED -> Result.SUCCESS;
            case KERNEL_FAILED -> kernelFailure == KernelFailure.UNSTABLE ? Result.UNSTABLE : Result.FAILURE;
            case WRONG_USAGE -> Result.FAILURE;
            case FARM_FAULT -> Result.NOT_BUILT;
        };
    }

    /** One clause for the build log, without a full stop. */
    String meaning() {
        return meaning;
    }

    /** One sentence for the build log and its pages. */
    static String sentence(int code) {
        return "The farm ended with " + code + ": " + of(code).meaning() + ".";
    }
}
