package io.kernelfarm.pipelines;

import io.kernelfarm.pipelines.bisect.Step;
import io.kernelfarm.pipelines.bisect.Tester;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code steps.jsonl}: the tests of a bisection, written down as they come, so that one that was ended at any moment can be
 * gone on with.
 *
 * <p>JSON, one object a line: first the {@link BisectTask}, then each {@link Step}. A line counts once its line feed is on the
 * disk: what a killed farm wrote of another is cut off.
 */
final class BisectJournal implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;
    private final BisectTask task;
    private final List<Step> steps;

    private BisectJournal(Path file, FileChannel channel, BisectTask task, List<Step> steps) {
        this.file = file;
        this.channel = channel;
        this.task = task;
        this.steps = steps;
    }

    /** Makes the journal of a bisection that is to begin. */
    static void create(Path file, BisectTask task) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName());
        Files.writeString(temporary, Json.line(task) + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Opens a journal that there is.
     *
     * @throws FarmException the farm's fault, naming the file, if it is damaged
     */
    static BisectJournal open(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] != '\n') {
            length--;
        }
        List<String> lines =
                new String(bytes, 0, length, StandardCharsets.UTF_8).lines().toList();
        BisectTask task = Json.parse(lines.isEmpty() ? "" : lines.get(0), BisectTask.class, file);
        if (task.version() != BisectTask.FORMAT_VERSION) {
            throw FarmException.farm(file + " is of version " + task.version() + ", and this farm goes on with version "
                    + BisectTask.FORMAT_VERSION + " only; begin the bisection anew");
        }
        List<Step> kept = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            kept.add(Json.parse(line, Step.class, file));
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.truncate(length);
        channel.position(length);
        return new BisectJournal(file, channel, task, kept);
    }

    BisectTask task() {
        return task;
    }

    /** Is told of all tests so far, each time when there is one more. */
    @FunctionalInterface
    interface Follower {
        void on(List<Step> steps) throws IOException;
    }

    /** A tester that hands out the tests that were done before this journal was opened, and writes down those of {@code tester}. */
    Tester around(Tester tester, Follower follower) {
        return (number, purpose, id, suspects) -> {
            if (number <= steps.size()) {
                Step kept = steps.get(number - 1);
                if (kept.purpose() != purpose || !kept.id().equals(id)) {
                    throw FarmException.farm(file + " does not fit to the history any more: its test " + number + " is "
                            + kept.purpose() + " of " + kept.id() + " instead of " + purpose + " of " + id
                            + "; begin the bisection anew");
                }
                return kept;
            }
            Step step = tester.test(number, purpose, id, suspects);
            add(step);
            follower.on(List.copyOf(steps));
            return step;
        };
    }

    private void add(Step step) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((Json.line(step) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
        steps.add(step);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
