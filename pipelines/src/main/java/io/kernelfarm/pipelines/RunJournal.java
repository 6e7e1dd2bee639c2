package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;

/** Keeps {@code run.json} up to date, and has the last word when the farm is stopped. */
final class RunJournal {

    private final RunLayout layout;
    private RunRecord record;
    private boolean closed;

    private RunJournal(RunLayout layout, RunRecord record) {
        this.layout = layout;
        this.record = record;
    }

    static RunJournal begin(RunLayout layout, RunRecord record) throws IOException {
        Files.createDirectories(layout.root().getParent());
        Files.createDirectory(layout.root());
        try {
            Json.write(layout.record(), record);
        } catch (IOException e) {
            Files.delete(layout.root()); // A run without a record is none.
            throw e;
        }
        return new RunJournal(layout, record);
    }

    static RunJournal open(RunLayout layout) throws IOException {
        return new RunJournal(layout, Json.read(layout.record(), RunRecord.class));
    }

    synchronized RunRecord record() {
        return record;
    }

    synchronized void running() throws IOException {
        write(record.in(RunRecord.State.RUNNING));
    }

    synchronized void add(RunRecord.StageRecord stage) throws IOException {
        write(record.with(stage));
    }

    synchronized void done() throws IOException {
        write(record.in(RunRecord.State.DONE));
    }

    /**
     * The last word: what the interrupted work still tries to write is ignored.
     *
     * @return whether there was a run to interrupt
     */
    synchronized boolean interrupted() throws IOException {
        boolean running = record.state() == RunRecord.State.RUNNING;
        if (running) {
            write(record.in(RunRecord.State.INTERRUPTED));
        }
        closed = true;
        return running;
    }

    private void write(RunRecord changed) throws IOException {
        if (!closed) {
            record = changed;
            Json.write(layout.record(), record);
        }
    }
}
