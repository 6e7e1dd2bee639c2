package io.kernelfarm.bootmatrix.verdict;

import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the data disk's content came, unchanged, through the driver that belongs to the mode. */
final class BlockCheck {

    static final String NAME = "block";

    private static final Pattern DISK = Pattern.compile("(\\S+) driver=(\\S*) sha256=([0-9a-f]{64})");

    private BlockCheck() {}

    /** On a bare machine, which has no disk of the farm but a file of its initramfs; nothing else has such a file. */
    private static final String LOOP = "loop";

    /** The name of the mode's disk driver, as its folder in sysfs is called: blkfront registers as {@code vbd}. */
    static String driver(Mode mode) {
        return switch (mode) {
            case METAL, DOM0_PV, DOM0_PVH -> "virtio_blk";
            case PV, PVH, PVHVM -> "vbd";
            case HVM -> "sd";
        };
    }

    /**
     * Checks the data disk.
     *
     * @param sha256 of its content
     * @param since seconds into the boot at which the check began
     */
    static CheckResult check(Mode mode, String sha256, BootWatch watch, double since) {
        String driver = driver(mode);
        List<Evidence> evidence = new ArrayList<>();
        String reason = "no disk with the data was found";
        double at = since;
        boolean passed = false;
        for (Answer answer : watch.answers("disk")) {
            at = answer.at();
            evidence.add(answer.line());
            Matcher disk = DISK.matcher(answer.value());
            if (!disk.find() || passed) {
                continue;
            }
            if (!disk.group(2).equals(driver)
                    && (mode.isGuest() || !disk.group(2).equals(LOOP))) {
                reason = "the disk was read through driver '" + disk.group(2) + "' instead of '" + driver + "'";
            } else if (!disk.group(3).equals(sha256)) {
                reason = "disk " + disk.group(1) + " has SHA-256 " + disk.group(3) + " instead of " + sha256;
            } else {
                passed = true;
            }
        }
        return new CheckResult(NAME, passed ? Verdict.PASS : Verdict.FAIL, at - since, passed ? "" : reason, evidence);
    }
}
