package io.kernelfarm.pipelines.bisect;

import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.List;

/**
 * One kernel, tested.
 *
 * @param number from 1, in the order in which they were tested
 * @param id of the commit or build
 * @param title the commit's subject, or the build's release
 * @param verdict of its cell; {@code FAIL} also if it does not compile, and then the answer is {@code skip}
 * @param flaky it passed, but not at once
 * @param reason one sentence on why the verdict is not PASS; empty when it is
 * @param evidence the console lines, or readings, that the verdict rests on
 * @param release as {@code uname -r} prints it; empty if it was not built
 * @param imageSha256 of what was booted, lower-case hexadecimal; empty if nothing was
 * @param folder with the configuration, the build's log and the consoles, relative to {@code bisect.json}
 * @param seconds that configuring, compiling and booting took
 */
public record Step(
        int number,
        Purpose purpose,
        String id,
        String title,
        Answer answer,
        Verdict verdict,
        boolean flaky,
        String reason,
        List<Evidence> evidence,
        String release,
        String imageSha256,
        String folder,
        double seconds) {
    public Step {
        evidence = List.copyOf(evidence);
    }
}
