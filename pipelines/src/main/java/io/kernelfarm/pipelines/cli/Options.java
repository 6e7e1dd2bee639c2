package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.KeyPlace;
import io.kernelfarm.pipelines.MachinesPlace;
import io.kernelfarm.pipelines.OutLayout;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunListener;
import io.kernelfarm.pipelines.RunRecord;
import io.kernelfarm.pipelines.Spec;
import io.kernelfarm.pipelines.SpecReader;
import io.kernelfarm.pipelines.Terms;
import io.kernelfarm.pipelines.builder.BuilderChoice;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/** The options that every verb has. */
final class Options {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "out",
            description = "where runs, repositories and the dashboard are (default: ${DEFAULT-VALUE})")
    private Path out;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "where sources and builds are kept (default: $XDG_CACHE_HOME/kernel-farm or"
                    + " ~/.cache/kernel-farm)")
    private Path cache;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "the secret key that signs what is published (default: $KERNEL_FARM_KEY, or"
                    + " signing-key.asc in $XDG_CONFIG_HOME/kernel-farm or ~/.config/kernel-farm, made on first use)")
    private Path key;

    @Option(
            names = "--machines",
            paramLabel = "FILE",
            description = "the list of machines (default: $KERNEL_FARM_MACHINES, or machines.yaml in"
                    + " $XDG_CONFIG_HOME/kernel-farm or ~/.config/kernel-farm)")
    private Path machines;

    @Option(names = "--json", description = "print the result as JSON on the standard output, all else on the other")
    private boolean json;

    @Option(names = "--debug", description = "show where an error comes from")
    void setDebug(boolean wanted) {
        // Read from the parse result: whoever handles an error has no verb in hand.
    }

    /** The option of the verbs that read a spec. */
    static final class SpecOption {
        @Option(
                names = "--spec",
                paramLabel = "FILE",
                defaultValue = "kernel.yaml",
                description = "what to build (default: ${DEFAULT-VALUE})")
        private Path spec;

        Spec read() {
            return SpecReader.read(spec);
        }

        Path file() {
            return spec;
        }
    }

    /** The option of the verbs that compile. */
    static final class BuilderOption {
        @Option(
                names = "--builder",
                paramLabel = "auto|container|host",
                defaultValue = "auto",
                description = "where kernels are compiled: in a container, on this host, or, by default, in a container"
                        + " where an engine (Docker, podman) answers and on this host where none does")
        private BuilderChoice choice;

        FarmRun.Places in(FarmRun.Places places) {
            return new FarmRun.Places(places.out(), places.cache(), places.key(), places.machines(), choice);
        }
    }

    /** The parameter of the verbs that go on with a run. */
    static final class RunParameter {
        @Parameters(
                paramLabel = "RUN",
                defaultValue = "latest",
                description = "id of a run, path of its folder, or 'latest' (the default)")
        private String run;

        RunLayout in(FarmRun.Places places) {
            return places.out().find(run);
        }
    }

    /** The options of the verbs that change the repositories. */
    static final class TermsOptions {
        @Option(
                names = "--url",
                paramLabel = "URL",
                description = "where clients find the repositories (default: what the spec says)")
        private String url;

        @Option(
                names = "--keep",
                paramLabel = "CHANNEL=N",
                description = "how many releases a channel keeps, 0 for all; whoever says it of one channel says it of"
                        + " all (default: what the spec says)")
        private Map<String, Integer> keep;

        Terms terms() {
            return terms(null);
        }

        Terms terms(String channel) {
            return Terms.of(url, channel, keep);
        }
    }

    /** The option of the verbs that boot the cells of a spec. */
    static final class MachineOption {
        @Option(
                names = "--machine",
                paramLabel = "NAME",
                description =
                        "boot the cells on this machine, qemu or one of the list, instead of those that the spec or its"
                                + " matrix names. A kernel is not promoted without these.")
        private String name;

        Optional<String> name() {
            return Optional.ofNullable(name);
        }
    }

    /** The option of the verbs that boot. */
    static final class EventsOption {
        @Option(
                names = "--events",
                paramLabel = "FILE",
                description = "add to FILE what happens, as it happens, one JSON object a line; '-' is the standard"
                        + " output, and all else goes to the other then")
        private String file;

        private boolean onOutput() {
            return "-".equals(file);
        }

        private Optional<EventLines> open() {
            if (file == null) {
                return Optional.empty();
            }
            try {
                // Not System.out, which keeps to itself that nobody reads any more.
                return Optional.of(new EventLines(
                        onOutput() ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(file, true)));
            } catch (IOException e) {
                throw FarmException.usage(
                        "the events cannot be written: " + e.getMessage() + "; name a file in a folder that there is",
                        e);
            }
        }
    }

    /** Whether the verb that was called has been given {@code --debug}. */
    static boolean debug(ParseResult words) {
        ParseResult verb = words;
        while (verb.hasSubcommand()) {
            verb = verb.subcommand();
        }
        return verb.hasMatchedOption("--debug");
    }

    FarmRun.Places places() {
        return new FarmRun.Places(
                new OutLayout(out),
                cache == null ? CacheLayout.standard() : new CacheLayout(cache),
                key == null ? KeyPlace.standard() : new KeyPlace(key, true),
                machines == null ? MachinesPlace.standard() : new MachinesPlace(machines, true));
    }

    boolean json() {
        return json;
    }

    /** Prints {@code result}, as JSON where that is wanted and as {@code words} does otherwise; the exit code is 0. */
    <T> int show(T result, Consumer<T> words) {
        if (json) {
            System.out.println(Json.text(result));
        } else {
            words.accept(result);
        }
        return 0;
    }

    RunListener listener() {
        return listener(new EventsOption());
    }

    /** Live on a terminal, plain lines elsewhere, and the events. The launcher says how large the terminal is, if it is one. */
    RunListener listener(EventsOption events) {
        if (json && events.onOutput()) {
            throw FarmException.usage(
                    "--json and '--events -' both want the standard output; name a file for the events");
        }
        Optional<EventLines> lines = events.open();
        boolean toOther = json || events.onOutput();
        RunListener progress = Aside.listener("progress", progress(toOther));
        return event -> {
            lines.ifPresent(each -> each.on(event));
            progress.on(event);
        };
    }

    /** The same without events, for work that is no run; whoever asks for it waits at the end until all is printed. */
    Aside<RunEvent> aside() {
        return new Aside<>("progress", progress(json)::on);
    }

    private static RunListener progress(boolean toOther) {
        PrintStream stream = toOther ? System.err : System.out;
        int columns = columns();
        return columns > 20 && !toOther
                ? new TerminalProgress(stream, columns, Integer.getInteger("farm.rows", 0))
                : new PlainProgress(stream);
    }

    /** Width of the terminal; 0 where there is none. */
    private static int columns() {
        return Integer.getInteger("farm.columns", 0);
    }

    /** For verbs that are no runs: notes only, kept off the data. */
    Progress notes() {
        return new Progress() {
            @Override
            public void note(String sentence) {
                System.err.println("farm: " + sentence);
            }

            @Override
            public void at(double fraction, String detail) {}
        };
    }

    int finish(RunRecord run) {
        return finish(run, new EventsOption());
    }

    /** Prints {@code run}, as JSON if that is wanted; what it returns is the exit code. */
    int finish(RunRecord run, EventsOption events) {
        if (json) {
            System.out.println(Json.text(run));
        } else {
            Results.print(run, places().out(), columns() > 0, events.onOutput() ? System.err : System.out);
        }
        return exitCode(run.verdict());
    }

    static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case PASS, SKIP -> 0;
            case FAIL -> FarmException.Blame.KERNEL.exitCode();
            case ERROR, MISS -> FarmException.Blame.FARM.exitCode();
        };
    }
}
