package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;
import java.util.Optional;

/** Every Xen module that the package ships loads. */
final class ModulesCheck implements Check {
    @Override
    public String name() {
        return "modules";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return mode == Mode.METAL || mode == Mode.HVM
                ? Optional.of("Xen's modules refuse to load where the kernel is not a Xen domain")
                : Optional.empty();
    }

    @Override
    public Finding judge(Answers answers) {
        // A module for dom0 alone, or for hardware that is not here, says so: then it was linked, started, and left.
        List<Answer> refused = answers.all("refused").stream()
                .filter(answer -> !answer.value().endsWith("No such device"))
                .toList();
        return refused.isEmpty()
                ? Finding.passed(answers.everything())
                : Finding.failed("a module does not load: " + refused.get(0).value(), refused);
    }
}
