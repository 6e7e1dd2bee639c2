package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import java.util.List;

/** Writing to the data disk, and what other ways to a disk there are. */
final class DiskCheck implements Check {
    @Override
    public String name() {
        return "disk";
    }

    @Override
    public Finding judge(Answers answers) {
        String written = answers.get("written").orElse("");
        String read = answers.get("read").orElse("nothing");
        String reason = "";
        if (!written.matches("[0-9a-f]{64}") || !written.equals(read)) {
            reason = "what was written has SHA-256 " + written + ", and what was read back " + read;
        } else if (answers.mode() == Mode.PVHVM) {
            List<String> emulated = answers.all("present").stream()
                    .map(answer -> answer.value())
                    .filter(disk -> !disk.endsWith("driver=vbd"))
                    .toList();
            if (!emulated.isEmpty()) {
                reason = "an emulated disk is still there: " + String.join(", ", emulated);
            }
        }
        return Finding.of(reason, answers.everything());
    }
}
