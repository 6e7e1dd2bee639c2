package io.kernelfarm.pipelines.bisect;

import java.io.IOException;

/** Tests kernels. */
@FunctionalInterface
public interface Tester {

    /**
     * Tests the kernel called {@code id}, anew whether it was tested before or not.
     *
     * @param number of the test, from 1
     * @param suspects how many may still be the first bad one
     */
    Step test(int number, Purpose purpose, String id, int suspects) throws IOException;
}
