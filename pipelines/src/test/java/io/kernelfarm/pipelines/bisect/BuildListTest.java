package io.kernelfarm.pipelines.bisect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which build is tested next, and what a bisection of builds comes to. */
class BuildListTest {

    private static final BuildList EIGHT = list(8);

    private static BuildList list(int size) {
        return new BuildList(IntStream.range(0, size).mapToObj(i -> "b" + i).toList());
    }

    @Test
    void whatHalvesTheSuspectsBestComesFirst() {
        assertThat(EIGHT.suspects("b7", List.of("b0")))
                .hasSize(7)
                .startsWith("b3", "b4")
                .endsWith("b7");
        assertThat(EIGHT.suspects("b4", List.of("b0", "b2", "b6"))).containsExactly("b3", "b4");
        assertThat(EIGHT.suspects("b3", List.of("b2"))).containsExactly("b3");
    }

    @Test
    void aBuildIsMadeFromTheOneBefore() {
        assertThat(EIGHT.parents("b5")).containsExactly("b4");
        assertThat(EIGHT.parents("b0")).isEmpty();
        assertThatThrownBy(() -> EIGHT.parents("b9")).hasMessageContaining("no build 'b9'");
        assertThatThrownBy(() -> new BuildList(List.of("a", "b", "a"))).hasMessageContaining("named twice: a, b, a");
    }

    @Test
    void whatCannotBeTestedIsLeftForOthersOfWhichEachHasItsTurn() {
        List<String> suspects = EIGHT.suspects("b7", List.of("b0"));
        Set<String> skipped = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            String next = Picking.next(suspects, "b7", skipped).orElseThrow();
            assertThat(seen.add(next)).isTrue();
            skipped.add(next);
        }
        assertThat(Picking.next(suspects, "b7", skipped)).isEqualTo(Optional.empty());
        assertThat(seen).doesNotContain("b7", "b0");
    }

    @Test
    void theFirstBadBuildIsFoundInLogarithmicallyManyTestsWhereverItIs() throws IOException {
        for (int size = 2; size <= 40; size++) {
            for (int first = 1; first < size; first++) {
                int culprit = first;
                Outcome outcome = bisect(list(size), id -> number(id) >= culprit ? Answer.BAD : Answer.GOOD);

                assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FOUND);
                assertThat(outcome.suspects()).containsExactly("b" + first);
                assertThat(outcome.steps().stream().filter(step -> step.purpose() == Purpose.SEARCH))
                        .hasSizeLessThanOrEqualTo(Picking.stepsLeft(size - 1));
            }
        }
    }

    @Test
    void withSkippedBuildsItIsFoundOrTheSuspectsAreExactlyThoseThatNobodyCanTellApart() throws IOException {
        Random random = new Random(5);
        for (int turn = 0; turn < 500; turn++) {
            int size = 3 + random.nextInt(40);
            int first = 1 + random.nextInt(size - 1);
            Set<String> untestable = new HashSet<>();
            for (int i = 1; i < size - 1; i++) {
                if (random.nextInt(3) == 0) {
                    untestable.add("b" + i);
                }
            }
            Outcome outcome = bisect(
                    list(size),
                    id -> untestable.contains(id) ? Answer.SKIP : number(id) >= first ? Answer.BAD : Answer.GOOD);

            int from = first; // Up to the nearest one before it that can be tested.
            while (untestable.contains("b" + (from - 1))) {
                from--;
            }
            int to = first; // The nearest one that can be.
            while (untestable.contains("b" + to)) {
                to++;
            }
            assertThat(outcome.suspects())
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(from, to)
                            .mapToObj(i -> "b" + i)
                            .toList());
            assertThat(outcome.kind()).isEqualTo(from == to ? Outcome.Kind.FOUND : Outcome.Kind.UNDECIDED);
            List<String> searched = outcome.steps().stream()
                    .filter(step -> step.purpose() == Purpose.SEARCH)
                    .map(Step::id)
                    .toList();
            assertThat(searched).doesNotHaveDuplicates();
        }
    }

    @Test
    void anEndThatIsNotWhatWasSaidEndsItAtOnce() throws IOException {
        assertThat(bisect(EIGHT, id -> Answer.BAD).kind()).isEqualTo(Outcome.Kind.GOOD_IS_BAD);
        assertThat(bisect(EIGHT, id -> Answer.GOOD).kind()).isEqualTo(Outcome.Kind.BAD_IS_GOOD);
        Outcome untestable = bisect(EIGHT, id -> Answer.SKIP);
        assertThat(untestable.kind()).isEqualTo(Outcome.Kind.UNTESTABLE);
        assertThat(untestable.steps()).hasSize(1);
    }

    @Test
    void whatIsNotBadAgainIsNotNamed() throws IOException {
        Outcome outcome = Bisection.run(
                EIGHT,
                "b0",
                "b7",
                (number, purpose, id, suspects) -> step(
                        number,
                        purpose,
                        id,
                        purpose != Purpose.VERIFY_BAD && number(id) >= 4 ? Answer.BAD : Answer.GOOD));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.NOT_REPRODUCIBLE);
        assertThat(outcome.suspects()).isEmpty();
        assertThat(outcome.last().id()).isEqualTo("b4");
    }

    @Test
    void aParentThatIsBadWhenTestedAgainIsTold() throws IOException {
        Outcome outcome = verifying(Answer.BAD);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.NOT_REPRODUCIBLE);
        assertThat(outcome.suspects()).isEmpty();
        assertThat(outcome.last().id()).isEqualTo("b3");
    }

    @Test
    void whatCannotBeTestedAgainIsNamedAsNotVerified() throws IOException {
        Outcome outcome = verifying(Answer.SKIP);

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNVERIFIED);
        assertThat(outcome.suspects()).containsExactly("b4");
    }

    private static Outcome verifying(Answer ofParent) throws IOException {
        return Bisection.run(
                EIGHT,
                "b0",
                "b7",
                (number, purpose, id, suspects) -> step(
                        number,
                        purpose,
                        id,
                        purpose == Purpose.VERIFY_GOOD ? ofParent : number(id) >= 4 ? Answer.BAD : Answer.GOOD));
    }

    private static Outcome bisect(BuildList list, Function<String, Answer> answers) throws IOException {
        return Bisection.run(
                list,
                list.ids().get(0),
                list.ids().get(list.ids().size() - 1),
                (number, purpose, id, suspects) -> step(number, purpose, id, answers.apply(id)));
    }

    private static Step step(int number, Purpose purpose, String id, Answer answer) {
        Verdict verdict =
                switch (answer) {
                    case GOOD -> Verdict.PASS;
                    case BAD -> Verdict.FAIL;
                    case SKIP -> Verdict.ERROR;
                };
        return new Step(number, purpose, id, "", answer, verdict, false, "", List.of(), "", "", "", 0);
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }
}
