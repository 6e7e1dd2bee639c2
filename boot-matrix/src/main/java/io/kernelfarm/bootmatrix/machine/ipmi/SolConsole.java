package io.kernelfarm.bootmatrix.machine.ipmi;

import io.kernelfarm.bootmatrix.machine.ChildProcesses;
import io.kernelfarm.bootmatrix.machine.LineReader;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine's console over the network: {@code ipmitool sol activate}. It ends as soon as its input does, so that is held
 * open; its own words before the first and after the last of the console's are left out of the log.
 */
final class SolConsole {

    private static final String OPERATIONAL = "[SOL Session operational.  Use ~? for help]\n";
    private static final long OPEN_SECONDS = 30;
    private static final long END_SECONDS = 5;

    /** Get Payload Instance Info, for the first SOL instance (IPMI 2.0, section 24.5): begins with the session's number. */
    private static final String[] WHO_HAS_IT = {"raw", "0x06", "0x4b", "0x01", "0x01"};

    private static final Pattern SESSION = Pattern.compile("^((?: [0-9a-f]{2}){4})(?: [0-9a-f]{2})+");

    private final Ipmitool ipmitool;
    private final Process process;
    private final Path errors;
    private final Thread reader;
    private final CompletableFuture<Boolean> open = new CompletableFuture<>();
    private volatile boolean ending;
    private volatile boolean taken;
    private String session = "";

    /** Hears that the console is no more. */
    interface Loss {
        void stopped(boolean orderly, String detail);
    }

    private SolConsole(Ipmitool ipmitool, Path log, Consumer<String> lines, Loss loss) throws IOException {
        this.ipmitool = ipmitool;
        this.errors = Files.createTempFile("farm-sol", "");
        process = ChildProcesses.start(ipmitool.console().redirectError(errors.toFile()));
        reader = new Thread(() -> read(log, lines, loss), "sol-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Opens the console and returns when it shows what comes.
     *
     * @param leftOpen whether a session that is there already may be one of a farm that was killed
     * @throws IOException if it cannot be opened; somebody else's is left alone unless {@code leftOpen}
     */
    static SolConsole open(Ipmitool ipmitool, boolean leftOpen, Path log, Consumer<String> lines, Loss loss)
            throws IOException {
        if (leftOpen) {
            ipmitool.tryRun("sol", "deactivate");
        }
        SolConsole console = new SolConsole(ipmitool, log, lines, loss);
        try {
            if (console.opened()) {
                console.session = console.holder();
                return console;
            }
            String said = Files.readString(console.errors, StandardCharsets.ISO_8859_1);
            if (said.contains("already active")) {
                throw new IOException(
                        ipmitool.of("another client holds its console (serial-over-LAN); end that client, or"
                                + " throw it out with 'ipmitool … sol deactivate'"));
            }
            String last = said.lines()
                    .filter(line -> !line.isBlank() && !line.contains("tcgetattr"))
                    .reduce((a, b) -> b)
                    .orElse("it gives no reason");
            throw new IOException(ipmitool.of("its console (serial-over-LAN) cannot be opened: " + last.strip()));
        } catch (IOException e) {
            console.end();
            throw e;
        }
    }

    private boolean opened() throws IOException {
        try {
            return open.get(OPEN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while opening a console", e);
        }
    }

    private void read(Path log, Consumer<String> lines, Loss loss) {
        try (InputStream in = new BufferedInputStream(process.getInputStream());
                OutputStream out = Files.newOutputStream(log)) {
            open.complete(skipGreeting(in));
            new LineReader().copy(new UntilEnd(in), out, lines);
        } catch (LineReader.FloodException e) {
            loss.stopped(true, e.getMessage());
        } catch (IOException e) {
            open.completeExceptionally(e);
            loss.stopped(false, "console cannot be kept: " + e.getMessage());
        }
        if (!ending) {
            loss.stopped(
                    false,
                    ipmitool.of(
                            "its console (serial-over-LAN) broke off; see that its BMC is well and the network is"));
        }
    }

    /** Whether ipmitool said that the console is open. Until then it says nothing else on its output. */
    private static boolean skipGreeting(InputStream in) throws IOException {
        int matched = 0;
        while (matched < OPERATIONAL.length()) {
            int read = in.read();
            if (read < 0) {
                return false;
            }
            if (read == OPERATIONAL.charAt(matched)) {
                matched++;
            } else if (read != '\r') {
                matched = read == OPERATIONAL.charAt(0) ? 1 : 0;
            }
        }
        return true;
    }

    /**
     * One sentence if another client has the console now, which this one is not told; empty if all is well, or if the BMC
     * does not say.
     */
    String lost() throws IOException {
        if (session.isEmpty() || session.equals(holder())) {
            return "";
        }
        taken = true;
        return ipmitool.of(
                "another client took its console (serial-over-LAN) away; see that nobody else uses the machine");
    }

    /** The session that has the console, as the BMC numbers it; empty where it does not say. */
    private String holder() throws IOException {
        try {
            Matcher matcher = SESSION.matcher(ipmitool.run(WHO_HAS_IT));
            return matcher.find() ? matcher.group(1) : "";
        } catch (IOException e) {
            if (session.isEmpty()) {
                return ""; // Not every BMC knows the command.
            }
            throw e;
        }
    }

    /** Ends the session; says whether it is known that the BMC has none of this client's any more. */
    boolean end() {
        ending = true;
        boolean interrupted = Thread.interrupted();
        boolean ended = false;
        boolean connected = process.isAlive();
        try {
            OutputStream in = process.getOutputStream();
            in.write("\r~.".getBytes(StandardCharsets.US_ASCII));
            in.flush();
            ended = connected && process.waitFor(END_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            // It has ended by itself; the BMC may not have heard of it.
        } catch (InterruptedException e) {
            interrupted = true;
        }
        process.destroyForcibly();
        try {
            reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            Files.deleteIfExists(errors);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException e) {
            // A leftover in the temporary folder harms nobody.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended || taken;
    }

    /** The console's bytes as long as it is not being ended: what ipmitool says then is its own. */
    private final class UntilEnd extends FilterInputStream {

        UntilEnd(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            return ending ? -1 : read;
        }
    }
}
