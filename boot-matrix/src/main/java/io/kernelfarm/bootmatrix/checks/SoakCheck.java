package io.kernelfarm.bootmatrix.checks;

/** Stays up for a while after it booted; what the kernel said meanwhile is looked at with the rest of its log. */
final class SoakCheck implements Check {
    @Override
    public String name() {
        return "soak";
    }

    @Override
    public Finding judge(Answers answers) {
        return Finding.of(answers.get("until").isPresent() ? "" : "it did not last", answers.everything());
    }
}
