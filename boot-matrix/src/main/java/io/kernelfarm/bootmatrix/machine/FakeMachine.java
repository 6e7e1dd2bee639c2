package io.kernelfarm.bootmatrix.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine that plays a script: for tests of whatever works with machines, and for rehearsals of whatever comes after a boot. When its script is over it stays on and is silent, unless the script stopped it.
 */
public final class FakeMachine implements Machine {

    /** What stands for such a machine in a matrix. */
    public static final String DESCRIPTION = "fake machine that boots nothing and proves nothing";

    private final Script script;
    private final AtomicInteger on = new AtomicInteger();

    /** Says what the machine does with what it is given to boot. */
    @FunctionalInterface
    public interface Script {
        /**
         * What happens on the machine, in order.
         *
         * @throws IOException if the machine cannot be turned on with {@code media}
         */
        Collection<? extends MachineEvent> play(BootMedia media) throws IOException;
    }

    public FakeMachine(Script script) {
        this.script = script;
    }

    @Override
    public String kind() {
        return "fake";
    }

    @Override
    public String description() {
        return DESCRIPTION;
    }

    /** How often the machine is on at this moment. */
    public int on() {
        return on.get();
    }

    @Override
    public PoweredMachine powerOn(BootMedia media, Path consoleLog) throws IOException {
        Queue<MachineEvent> events = new ArrayDeque<>(script.play(media));
        Writer log = Files.newBufferedWriter(consoleLog, StandardCharsets.ISO_8859_1);
        on.incrementAndGet();
        return new Player(events, log);
    }

    private final class Player implements PoweredMachine {

        private final Queue<MachineEvent> events;
        private final Writer log;

        Player(Queue<MachineEvent> events, Writer log) {
            this.events = events;
            this.log = log;
        }

        @Override
        public MachineEvent next(Duration patience) throws InterruptedException {
            MachineEvent event = events.poll();
            if (event == null) {
                Thread.sleep(patience.toMillis());
            } else if (event instanceof MachineEvent.Line line && line.port() == 0) {
                try {
                    log.write(line.text() + "\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return event;
        }

        @Override
        public void close() {
            try {
                log.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                on.decrementAndGet();
            }
        }
    }
}
