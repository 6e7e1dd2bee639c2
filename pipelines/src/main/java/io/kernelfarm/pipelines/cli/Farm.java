package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.ChildProcesses;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FarmVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code farm} command. Exit codes: 0 done and proved, 1 the kernel failed, 2 wrong usage or spec, 3 the farm's own fault. */
@Command(
        name = "farm",
        description = "Builds one Linux kernel, packages it, and proves that it boots in every mode.",
        mixinStandardHelpOptions = true,
        versionProvider = Farm.Version.class,
        synopsisSubcommandLabel = "VERB",
        subcommands = {
            RunVerb.class,
            ConfigVerb.class,
            BuildVerb.class,
            PackageVerb.class,
            PublishVerb.class,
            BootVerb.class,
            BisectVerb.class,
            PromoteVerb.class,
            WithdrawVerb.class,
            MachinesVerb.class,
            CacheVerb.class,
            DashboardVerb.class,
            ServeVerb.class,
            JenkinsVerb.class,
            DoctorVerb.class,
            BenchVerb.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done and proved",
            "1:the kernel failed to build or to boot",
            "2:the command line or the spec is wrong",
            "3:the farm itself failed: network, disk, tools, emulator",
        })
public final class Farm implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec self;

    /** Runs the program and ends this process. */
    public static void main(String... words) {
        System.exit(run(words));
    }

    /** Runs the program; what it returns is the exit code. */
    static int run(String... words) {
        return commandLine()
                .setParameterExceptionHandler(Farm::usageError)
                .setExecutionExceptionHandler(Farm::failure)
                .execute(words);
    }

    /** All verbs with their options. */
    static CommandLine commandLine() {
        return new CommandLine(new Farm()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        throw new ParameterException(self.commandLine(), "no verb given; './farm --help' lists them");
    }

    private static int usageError(ParameterException error, String[] words) {
        CommandLine command = error.getCommandLine();
        command.getErr().println("farm: " + error.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(error, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return FarmException.Blame.USAGE.exitCode();
    }

    private static int failure(Exception error, CommandLine command, ParseResult words) {
        if (Options.debug(words)) {
            error.printStackTrace(command.getErr());
        }
        if (error instanceof ChildProcesses.StoppedException) {
            return FarmException.Blame.FARM.exitCode(); // Nobody sees it: the process is being ended by a signal.
        }
        if (error instanceof FarmException known) {
            command.getErr().println("farm: " + known.getMessage());
            known.lines().forEach(line -> command.getErr().println("    " + line));
            return known.blame().exitCode();
        }
        command.getErr().println("farm: a fault in the farm itself: " + error + "; --debug shows where");
        return FarmException.Blame.FARM.exitCode();
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Kernel Farm " + FarmVersion.get()};
        }
    }
}
