package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunRecord;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** How events are put into words, on a terminal and in a log alike. */
final class Wording {

    private Wording() {}

    /** The line that stays for {@code event}, if it is one that leaves a line. */
    static Optional<String> permanent(RunEvent event) {
        if (event instanceof RunEvent.RunStarted started) {
            return Optional.of("run " + started.id() + " in " + started.layout().root());
        }
        if (event instanceof RunEvent.StageNote note) {
            return Optional.of(note.stage() + ": " + note.sentence());
        }
        if (event instanceof RunEvent.StageFinished finished) {
            RunRecord.StageRecord stage = finished.result();
            return Optional.of(stage.stage() + ": " + stage.verdict() + " in " + time(stage.seconds())
                    + (stage.summary().isEmpty() ? "" : ": " + stage.summary()));
        }
        if (event instanceof RunEvent.CellAttempted attempted
                && attempted.attempt().verdict() != Verdict.PASS) {
            Attempt attempt = attempted.attempt();
            String kernel = attempt.kernel().equals(Attempt.CONTROL) ? " with the control kernel" : "";
            return Optional.of("boot: " + attempted.cell() + kernel + " did not pass: " + attempt.reason());
        }
        if (event instanceof RunEvent.CellFinished finished) {
            CellResult cell = finished.result();
            return Optional.of("boot: " + cell.cell() + " " + cell.verdict() + (cell.flaky() ? " (flaky)" : "") + " in "
                    + time(cell.seconds()));
        }
        if (event instanceof RunEvent.RunInterrupted interrupted) {
            String run = interrupted.layout().id();
            return Optional.of("run " + run
                    + ": interrupted; what is in the cache is kept, and the next run goes on from there"
                    + (Files.exists(interrupted.layout().cells())
                            ? "; './farm boot --resume " + run + "' goes on with its boot"
                            : ""));
        }
        if (event instanceof RunEvent.RunFinished finished) {
            return Optional.of("run " + finished.run().id() + ": "
                    + finished.run().verdict() + " in " + time(finished.run().seconds()));
        }
        return Optional.empty();
    }

    static String progress(RunEvent.StageProgress progress) {
        return (progress.fraction() < 0 ? "" : Math.round(progress.fraction() * 100) + " %, ") + progress.detail();
    }

    static String estimate(OptionalDouble seconds) {
        return seconds.isPresent() ? " (last time " + time(seconds.getAsDouble()) + ")" : "";
    }

    /** Seconds as people say them. */
    static String time(double seconds) {
        return seconds < 60 ? String.format(Locale.ROOT, "%.1f s", seconds) : wholeSeconds(Math.round(seconds));
    }

    static String wholeSeconds(long seconds) {
        return (seconds < 60 ? "" : seconds / 60 + " min ") + seconds % 60 + " s";
    }
}
