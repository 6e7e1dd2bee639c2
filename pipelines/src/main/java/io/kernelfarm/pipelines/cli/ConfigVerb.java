package io.kernelfarm.pipelines.cli;

import io.kernelfarm.configs.ConfigDiff;
import io.kernelfarm.configs.ConfigExplainer.Explanation;
import io.kernelfarm.configs.DroppedOption;
import io.kernelfarm.configs.OptionOrigin;
import io.kernelfarm.configs.Wish;
import io.kernelfarm.configs.XenGate;
import io.kernelfarm.pipelines.Configurations;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Json;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code farm config}. */
@Command(
        name = "config",
        description = "Answers questions about kernel configurations.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "QUESTION",
        subcommands = {ConfigVerb.Check.class, ConfigVerb.Explain.class, ConfigVerb.Diff.class})
final class ConfigVerb implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec self;

    @Override
    public void run() {
        throw new ParameterException(self.commandLine(), "no question given; there are check, explain and diff");
    }

    /** {@code farm config check}. */
    @Command(
            name = "check",
            description = "Resolves the spec's configuration and says which wanted options did not stick, and what a"
                    + " unified Xen kernel would need besides.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.SpecOption spec;

        @Override
        public Integer call() {
            Configurations.Check check = new Configurations(spec.read(), options.places(), options.notes()).check();
            if (options.json()) {
                System.out.println(Json.text(check));
            } else {
                check.dropped().stream().map(DroppedOption::sentence).forEach(System.out::println);
                check.lacking().stream().map(XenGate.Finding::sentence).forEach(System.out::println);
                System.out.println("profile " + check.profile() + " on " + check.source() + ": "
                        + check.dropped().size() + " wanted options did not stick, "
                        + check.lacking().size() + " are not as a unified Xen kernel needs them");
            }
            return check.good() ? 0 : FarmException.Blame.USAGE.exitCode();
        }
    }

    /** {@code farm config explain}. */
    @Command(
            name = "explain",
            description = "Says for each option, or for all that somebody asked for, what value it has and why.",
            mixinStandardHelpOptions = true)
    static final class Explain implements Callable<Integer> {

        @Mixin
        private Options options;

        @Mixin
        private Options.SpecOption spec;

        @Parameters(paramLabel = "OPTION", arity = "0..*", description = "for example XEN_DOM0")
        private List<String> names = List.of();

        @Override
        public Integer call() {
            Configurations configurations = new Configurations(spec.read(), options.places(), options.notes());
            if (names.isEmpty()) {
                Collection<OptionOrigin> origins = configurations.origins();
                print(
                        origins,
                        () -> origins.forEach(origin -> System.out.printf(
                                "%-36s %-8s %s%n",
                                origin.option(),
                                origin.value(),
                                origin.wishes().stream().map(Wish::place).collect(Collectors.joining(", ")))));
            } else {
                List<Explanation> explanations = configurations.explain(names);
                print(explanations, () -> explanations.forEach(Explain::show));
            }
            return 0;
        }

        private void print(Object data, Runnable asText) {
            if (options.json()) {
                System.out.println(Json.text(data));
            } else {
                asText.run();
            }
        }

        private static void show(Explanation explanation) {
            System.out.println("CONFIG_" + explanation.option() + "=" + explanation.value() + ": " + explanation.why());
            System.out.println("  " + (explanation.prompt().isEmpty() ? "(no prompt)" : explanation.prompt()) + ", "
                    + explanation.definedAt());
            System.out.println("  depends on: " + explanation.dependsOn());
            for (Wish wish : explanation.wishes()) {
                System.out.println("  " + wish.place() + " asks for " + wish.value());
            }
            if (!explanation.selectedBy().isEmpty()) {
                System.out.println("  selected by: " + String.join(", ", explanation.selectedBy()));
            }
        }
    }

    /** {@code farm config diff}. */
    @Command(
            name = "diff",
            description = "Says which options differ between two configurations.",
            mixinStandardHelpOptions = true)
    static final class Diff implements Callable<Integer> {

        @Mixin
        private Options options;

        @Parameters(index = "0", paramLabel = "BEFORE", description = "a run, or the path of a .config file")
        private String before;

        @Parameters(index = "1", paramLabel = "AFTER", description = "likewise")
        private String after;

        @Override
        public Integer call() {
            List<ConfigDiff.Change> changes = Configurations.diff(before, after, options.places());
            if (options.json()) {
                System.out.println(Json.text(changes));
            } else {
                changes.forEach(change ->
                        System.out.println(change.option() + ": " + change.before() + " -> " + change.after()));
            }
            return 0;
        }
    }
}
