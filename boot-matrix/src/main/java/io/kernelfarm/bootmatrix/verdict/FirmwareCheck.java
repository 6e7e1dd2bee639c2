package io.kernelfarm.bootmatrix.verdict;

import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;
import java.util.Optional;

/** Whether a kernel that was to be booted by UEFI found one: it then names its version (drivers/firmware/efi/efi.c). */
final class FirmwareCheck {

    static final String NAME = "firmware";

    private FirmwareCheck() {}

    /**
     * Checks the firmware.
     *
     * @param since seconds into the boot at which the check began
     */
    static CheckResult check(BootWatch watch, double since) {
        Optional<Answer> said = watch.answers("dmesg").stream()
                .filter(answer -> answer.value().contains("efi: EFI v"))
                .findFirst();
        List<Evidence> evidence = said.map(Answer::line).stream().toList();
        return said.isPresent()
                ? new CheckResult(NAME, Verdict.PASS, Math.max(0, said.get().at() - since), "", evidence)
                : new CheckResult(NAME, Verdict.FAIL, 0, "the kernel was booted by UEFI and did not find it", evidence);
    }
}
