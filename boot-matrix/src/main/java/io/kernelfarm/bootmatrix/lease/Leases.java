package io.kernelfarm.bootmatrix.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The folder in which the farms of one host agree on who has which machine:
 *
 * <pre>
 * NAME.lease   the {@link Holder}; gone when the machine is free
 * NAME.aside   why nobody may have it; gone when somebody has put it right
 * NAME.health  the {@link Health}
 * NAME.lock    held while one of the others is read and changed; its content is nothing
 * </pre>
 *
 * A process that dies gives nothing back: whoever comes next sees that the holder is gone and takes the machine.
 */
public final class Leases {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final long LOOK_AGAIN_MILLIS = 500;

    /** File locks are the process's: its threads have to agree among themselves. */
    private static final Object THREADS = new Object();

    private final Path folder;

    /**
     * Why nobody may have a machine.
     *
     * @param reason one sentence
     */
    public record SetAside(String reason, Instant since) {}

    /** How a machine stands; the holder is one that lives. */
    public record Status(Optional<Holder> holder, Optional<SetAside> aside, Health health) {}

    private interface Work<T> {
        T run() throws IOException;
    }

    /** The leases kept in {@code folder}, which is made when first needed. */
    public Leases(Path folder) {
        this.folder = folder;
    }

    public Status status(String machine) throws IOException {
        return locked(
                machine,
                () -> new Status(
                        read(machine, "lease", Holder.class).filter(Leases::lives),
                        read(machine, "aside", SetAside.class),
                        read(machine, "health", Health.class).orElse(Health.UNKNOWN)));
    }

    /**
     * Takes {@code machine}, unless another has it; another thread of this process is another as well.
     *
     * @throws IOException if it is set aside: the message says why, and what to do
     */
    public Optional<Lease> tryTake(String machine) throws IOException {
        return locked(machine, () -> {
            Optional<SetAside> aside = read(machine, "aside", SetAside.class);
            if (aside.isPresent()) {
                throw new IOException("machine '" + machine + "' is set aside since "
                        + aside.get().since() + ": " + aside.get().reason()
                        + "; put it right, then run 'farm machines --restore "
                        + machine + "'");
            }
            Optional<Holder> before = read(machine, "lease", Holder.class);
            if (before.isPresent() && before.get().alive()) {
                return Optional.empty();
            }
            Holder self = Holder.self(Instant.now());
            write(machine, "lease", self);
            return Optional.of(new Lease(this, machine, self, before.isPresent()));
        });
    }

    /**
     * Takes {@code machine} as soon as nobody else has it.
     *
     * @param note is told once who has it, if it takes waiting
     * @throws IOException if it is set aside
     */
    public Lease take(String machine, Consumer<String> note) throws IOException, InterruptedException {
        boolean told = false;
        for (Optional<Lease> lease = tryTake(machine); ; lease = tryTake(machine)) {
            if (lease.isPresent()) {
                return lease.get();
            }
            Optional<Holder> holder = status(machine).holder();
            if (!told && holder.isPresent()) {
                note.accept("waiting for machine '" + machine + "', which process "
                        + holder.get().pid() + " has since " + holder.get().since());
                told = true;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** Has nobody take {@code machine} from now on; who has it keeps it until it is given back. */
    public void setAside(String machine, String reason) throws IOException {
        locked(machine, () -> {
            write(machine, "aside", new SetAside(reason, Instant.now()));
            return null;
        });
    }

    /** Lets {@code machine} be taken again. It has to show its health before its next cell. */
    public void restore(String machine) throws IOException {
        locked(machine, () -> {
            Files.deleteIfExists(file(machine, "aside"));
            write(machine, "health", Health.UNKNOWN);
            return null;
        });
    }

    /** Puts down that {@code cells} more cells ran on {@code machine}. */
    public void ran(String machine, int cells) throws IOException {
        locked(machine, () -> {
            Health before = read(machine, "health", Health.class).orElse(Health.UNKNOWN);
            write(machine, "health", new Health(before.cells() + cells, before.checked()));
            return null;
        });
    }

    /** Puts down that {@code machine} booted the control kernel just now. */
    public void healthy(String machine) throws IOException {
        locked(machine, () -> {
            write(machine, "health", new Health(0, Instant.now()));
            return null;
        });
    }

    void giveBack(String machine, Holder holder) throws IOException {
        locked(machine, () -> {
            if (read(machine, "lease", Holder.class).filter(holder::equals).isPresent()) {
                Files.delete(file(machine, "lease"));
            }
            return null;
        });
    }

    private static boolean lives(Holder holder) {
        try {
            return holder.alive();
        } catch (IOException e) {
            return true; // Who cannot be looked at is not to be robbed.
        }
    }

    private <T> T locked(String machine, Work<T> work) throws IOException {
        Files.createDirectories(folder);
        synchronized (THREADS) {
            try (FileChannel channel =
                    FileChannel.open(file(machine, "lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock(); // Closing the channel ends it, and so does the end of the process.
                return work.run();
            }
        }
    }

    private Path file(String machine, String kind) {
        return folder.resolve(machine + "." + kind);
    }

    private <T> Optional<T> read(String machine, String kind, Class<T> type) throws IOException {
        Path file = file(machine, kind);
        try {
            return Optional.of(MAPPER.readValue(Files.readString(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is damaged; see that nobody uses machine '" + machine + "', then remove it", e);
        }
    }

    private void write(String machine, String kind, Object value) throws IOException {
        Path file = file(machine, kind);
        Path temporary = file(machine, kind + ".tmp");
        Files.writeString(temporary, MAPPER.writeValueAsString(value) + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
