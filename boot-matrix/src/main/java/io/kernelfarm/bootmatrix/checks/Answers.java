package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the booted system and its dom0 answered to one check.
 *
 * @param check its name
 * @param mode in which it was asked
 */
public record Answers(String check, Mode mode, BootWatch watch) {

    /** Everything that was said under {@code key} inside, in order. */
    public List<Answer> all(String key) {
        return watch.answers(check + "." + key);
    }

    /** What was said last under {@code key} inside. */
    public Optional<String> get(String key) {
        return last(all(key)).map(Answer::value);
    }

    /** What dom0 said last under {@code key}. */
    public Optional<String> dom0(String key) {
        return last(watch.answers(BootWatch.DOM0 + check + "." + key)).map(Answer::value);
    }

    /** A number that was said inside. */
    public OptionalLong number(String key) {
        return get(key).filter(text -> text.matches("\\d{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    /** Every answer to the check, from inside and from dom0, in the order in which they came. */
    public List<Answer> everything() {
        List<Answer> everything = new ArrayList<>();
        everything.addAll(watch.answersBelow(check + "."));
        everything.addAll(watch.answersBelow(BootWatch.DOM0 + check + "."));
        everything.sort(Comparator.comparingInt(answer -> answer.line().line()));
        return everything;
    }

    private static Optional<Answer> last(List<Answer> answers) {
        return answers.isEmpty() ? Optional.empty() : Optional.of(answers.get(answers.size() - 1));
    }
}
