package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Both clocks move, neither goes back or jumps, and they agree on how much time has passed. */
final class ClockCheck implements Check {
    private static final Pattern LOOK = Pattern.compile("(\\d+\\.\\d+) (\\d+)");

    /** Seconds between two looks that are 0.2 s apart; a busy emulator may stand still for some. */
    private static final double JUMP = 30;

    /** Seconds; one clock is read to the hundredth of a second, the other to the second. */
    private static final double DISAGREEMENT = 2;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Turn turn() {
        return Turn.BESIDE_GUESTS;
    }

    @Override
    public Finding judge(Answers answers) {
        List<Answer> looks = answers.all("look");
        double first = -1;
        double firstWall = 0;
        double up = 0;
        double wall = 0;
        for (Answer look : looks) {
            Matcher both = LOOK.matcher(look.value());
            if (!both.matches()) {
                return Finding.failed("a clock cannot be read: " + look.value(), List.of(look));
            }
            double nextUp = Double.parseDouble(both.group(1));
            double nextWall = Double.parseDouble(both.group(2));
            if (first < 0) {
                first = nextUp;
                firstWall = nextWall;
            } else if (nextUp <= up || nextWall < wall) {
                return Finding.failed("a clock stood still or went back, at " + look.value(), looks);
            } else if (nextUp - up > JUMP || nextWall - wall > JUMP) {
                return Finding.failed("a clock jumped, to " + look.value(), looks);
            }
            up = nextUp;
            wall = nextWall;
        }
        if (looks.size() < 2) {
            return Finding.failed("the clocks were not read", looks);
        }
        double passed = up - first;
        double passedOnTheWall = wall - firstWall;
        if (Math.abs(passed - passedOnTheWall) > DISAGREEMENT) {
            String difference = String.format(
                    Locale.ROOT, "%.1f s have passed since the boot, and %.0f s on the wall", passed, passedOnTheWall);
            return Finding.failed(difference, looks);
        }
        return Finding.passed(List.of(looks.get(0), looks.get(looks.size() - 1)));
    }
}
