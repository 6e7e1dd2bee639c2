package io.kernelfarm.bootmatrix.checks;

/** Stays up for a while after it booted; what the kernel said meanwhile is looked at with the rest of its log. */
final class SoakCheck implements Check {
    static final String NAME = "soak";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Turn turn() {
        return Turn.BESIDE_GUESTS;
    }

    @Override
    public Finding judge(Answers answers) {
        return Finding.of(answers.get("until").isPresent() ? "" : "it did not last", answers.everything());
    }
}
