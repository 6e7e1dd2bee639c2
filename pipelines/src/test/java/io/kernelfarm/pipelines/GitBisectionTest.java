package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.bisect.Answer;
import io.kernelfarm.pipelines.bisect.Bisection;
import io.kernelfarm.pipelines.bisect.Outcome;
import io.kernelfarm.pipelines.bisect.Purpose;
import io.kernelfarm.pipelines.bisect.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bisections of real git histories with branches and merges; git bisect itself is the judge. */
class GitBisectionTest {

    private static final int HISTORIES = 15;

    @TempDir
    private Path folder;

    /** One bisection, ours and git's. */
    private record Compared(Outcome ours, List<String> suspects, int steps, int gitsSteps) {}

    @Test
    void thePlantedCommitIsFoundInAsManyTestsAsGitBisectRunTakes() throws IOException {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            GitHistory history = history(random, "plain" + seed);
            int last = history.number(history.git("rev-parse", "main").strip());
            int planted = 1 + random.nextInt(last);
            int good = goodEnd(random, history, planted);

            Compared compared = compare(history, good, last, planted, Set.of());

            assertThat(compared.ours().kind()).as("seed %d", seed).isEqualTo(Outcome.Kind.FOUND);
            assertThat(compared.suspects()).as("seed %d", seed).containsExactly(history.id(planted));
            assertThat(compared.steps()).as("seed %d", seed).isLessThanOrEqualTo(compared.gitsSteps() + 1);
        }
    }

    @Test
    void withCommitsThatCannotBeTestedItIsFoundOrAsManyAreLeftAsGitBisectLeaves() throws IOException {
        int all = 0;
        int gits = 0;
        for (int seed = 100; seed < 100 + HISTORIES; seed++) {
            Random random = new Random(seed);
            GitHistory history = history(random, "skips" + seed);
            int last = history.number(history.git("rev-parse", "main").strip());
            int planted = 1 + random.nextInt(last);
            int good = goodEnd(random, history, planted);
            Set<Integer> untestable = new HashSet<>();
            int center = random.nextInt(last);
            for (int i = 0;
                    i < last;
                    i++) { // Some anywhere, and most of those around one place, as it is with real faults.
                boolean near = Math.abs(i - center) < 6;
                if (i != good && random.nextInt(10) < (near ? 8 : 1)) {
                    untestable.add(i);
                }
            }

            Compared compared = compare(history, good, last, planted, untestable);

            assertThat(compared.suspects()).as("seed %d", seed).contains(history.id(planted));
            assertThat(compared.ours().kind() == Outcome.Kind.UNDECIDED)
                    .as("seed %d", seed)
                    .isEqualTo(compared.suspects().size() > 1);
            all += compared.steps();
            gits += compared.gitsSteps();
        }
        // Whom chance favours differs from one to the next.
        assertThat(all).isLessThanOrEqualTo(gits + HISTORIES);
    }

    @Test
    void whereTheLinesPartIsTestedFirstAndWhatIsBadThereWasMendedSince() throws IOException {
        // 0 - 1 - 2 - 3 (good)
        //      \\ 4 - 5 - 6 (bad)
        List<List<Integer>> parents =
                List.of(List.of(), List.of(0), List.of(1), List.of(2), List.of(1), List.of(4), List.of(5));
        GitHistory history = GitHistory.make(folder.resolve("parted"), parents);

        Compared broken = compare(history, 3, 6, 5, Set.of());
        Outcome mended = Bisection.run(
                GitTree.open(history.folder()),
                history.id(3),
                history.id(6),
                (number, purpose, id, suspects) ->
                        step(number, purpose, id, history.number(id) == 3 ? Answer.GOOD : Answer.BAD));

        assertThat(broken.suspects()).containsExactly(history.id(5));
        assertThat(broken.ours().steps().get(2))
                .extracting(Step::purpose, Step::id)
                .containsExactly(Purpose.MERGE_BASE, history.id(1));
        assertThat(mended.kind()).isEqualTo(Outcome.Kind.MENDED);
        assertThat(mended.last().id()).isEqualTo(history.id(1));
    }

    /** A commit from which the planted one does not come, other than by luck. */
    private static int goodEnd(Random random, GitHistory history, int planted) {
        int good;
        do {
            good = random.nextInt(planted);
        } while (history.ancestors(good).contains(planted));
        return good;
    }

    /** Up to 70 commits on several branches that are merged again and again; all come into the last one. */
    private GitHistory history(Random random, String name) throws IOException {
        int size = 10 + random.nextInt(60);
        List<List<Integer>> parents = new ArrayList<>(List.of(List.of()));
        Set<Integer> heads = new HashSet<>(Set.of(0));
        while (parents.size() < size) {
            int chance = random.nextInt(10);
            int number = parents.size();
            List<Integer> open = heads.stream().sorted().collect(Collectors.toList());
            List<Integer> of;
            if (chance < 2) { // A branch from anywhere.
                of = List.of(random.nextInt(number));
            } else if (chance < 4 && open.size() > 1) {
                of = List.of(open.get(0), open.get(1 + random.nextInt(open.size() - 1)));
            } else {
                of = List.of(open.get(random.nextInt(open.size())));
            }
            heads.removeAll(of);
            heads.add(number);
            parents.add(of);
        }
        if (heads.size() > 1) { // An octopus, as the kernel has them.
            parents.add(heads.stream().sorted().toList());
        }
        return GitHistory.make(folder.resolve(name), parents);
    }

    private Compared compare(GitHistory history, int good, int bad, int planted, Set<Integer> untestable)
            throws IOException {
        IntFunction<Answer> answers = number -> untestable.contains(number)
                ? Answer.SKIP
                : history.ancestors(number).contains(planted) ? Answer.BAD : Answer.GOOD;
        Outcome ours = Bisection.run(
                GitTree.open(history.folder()),
                history.id(good),
                history.id(bad),
                (number, purpose, id, suspects) -> step(number, purpose, id, answers.apply(history.number(id))));
        int steps = (int) ours.steps().stream()
                .filter(step -> step.purpose() == Purpose.SEARCH)
                .count();
        return new Compared(ours, ours.suspects(), steps, gitsSteps(history, good, bad, answers));
    }

    /** How many tests git bisect run makes. */
    private static int gitsSteps(GitHistory history, int good, int bad, IntFunction<Answer> answers)
            throws IOException {
        StringBuilder script = new StringBuilder("#!/bin/sh\ncase $(git rev-parse BISECT_HEAD) in\n");
        for (int number : history.ancestors(bad)) {
            int exit =
                    switch (answers.apply(number)) {
                        case GOOD -> 0;
                        case BAD -> 1;
                        case SKIP -> 125; // git-bisect(1)
                    };
            script.append(history.id(number)).append(") exit ").append(exit).append(";;\n");
        }
        Path judge = Files.writeString(history.folder().resolve(".git/judge"), script.append("esac\nexit 128\n"));
        history.git("bisect", "start", "--no-checkout", history.id(bad), history.id(good));
        Command.of("git", "bisect", "run", "sh", judge.toString())
                .in(history.folder())
                .run(); // It ends with 2 if all that is left cannot be tested.
        String log = history.git("bisect", "log");
        history.git("bisect", "reset");
        return (int) log.lines()
                .filter(line -> line.matches("git bisect (good|bad|skip) .*"))
                .count();
    }

    private static Step step(int number, Purpose purpose, String id, Answer answer) {
        return new Step(number, purpose, id, "", answer, Verdict.PASS, false, "", List.of(), "", "", "", 0);
    }
}
