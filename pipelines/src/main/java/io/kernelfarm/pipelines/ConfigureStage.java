package io.kernelfarm.pipelines;

import io.kernelfarm.configs.ConfigException;
import io.kernelfarm.configs.ConfigResolver;
import io.kernelfarm.configs.DroppedOption;
import io.kernelfarm.configs.Fragment;
import io.kernelfarm.configs.KconfigException;
import io.kernelfarm.configs.KconfigRunner;
import io.kernelfarm.configs.KernelTree;
import io.kernelfarm.configs.OptionOrigin;
import io.kernelfarm.configs.Profile;
import io.kernelfarm.configs.ResolvedConfig;
import io.kernelfarm.pipelines.builder.Builder;
import io.kernelfarm.pipelines.builder.HostBuilder;
import io.kernelfarm.pipelines.builder.Target;
import io.kernelfarm.pipelines.builder.Task;
import io.kernelfarm.pipelines.builder.Toolchain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes the configuration; a wanted option that did not stick ends the run. */
final class ConfigureStage {

    /** Raised when the same wishes are made into another configuration. */
    private static final String FORMAT = "1";

    private ConfigureStage() {}

    /**
     * A configuration in which all wishes were granted, as the cache keeps it.
     *
     * @param text of {@code .config}
     */
    private record Granted(String text, SortedMap<String, OptionOrigin> origins) {}

    /**
     * Writes the configuration and who asked for what into the run's folder.
     *
     * @return one sentence on what came out
     * @throws FarmException wrong usage, naming each wanted option that did not stick, with the reason
     */
    static String run(
            KernelSource source,
            Target target,
            Profile profile,
            Map<String, String> options,
            Builder builder,
            CacheLayout cache,
            RunLayout layout,
            Progress progress)
            throws IOException {
        Builder asked = quickest(builder, target);
        Path place = cache.configuration(Sha256.of(String.join(
                "\n",
                FORMAT,
                source.identity(),
                target.id(),
                profile.toString(),
                new TreeMap<>(options).toString(),
                asked.programs(target))));
        Granted granted;
        try {
            granted = Json.read(place, Granted.class);
            Files.setLastModifiedTime(place, FileTime.from(Instant.now())); // The cache keeps what is used.
        } catch (NoSuchFileException e) {
            granted = granted(
                    asked instanceof HostBuilder host
                            ? resolve(source, target, profile, options, host, cache, progress)
                            : resolve(
                                    profile,
                                    options,
                                    tree(source, target, asked.workplace(cache)),
                                    (tree, command) -> asked.run(
                                                    Task.of(command.toArray(String[]::new))
                                                            .reading(tree.source())
                                                            .writing(tree.objects()),
                                                    line -> {})
                                            .orFail(command, tree.source()),
                                    progress));
            Files.createDirectories(place.getParent());
            Json.write(place, granted);
        }
        Files.createDirectories(layout.dotConfig().getParent());
        Files.writeString(layout.dotConfig(), granted.text());
        Json.write(layout.origins(), granted.origins());
        return "profile " + profile.name() + ": " + granted.origins().size() + " options asked for, all of them stuck";
    }

    private static Granted granted(Resolved made) {
        List<DroppedOption> dropped = made.config().dropped();
        if (!dropped.isEmpty()) {
            throw FarmException.usage(dropped.size() + " wanted option"
                    + (dropped.size() == 1 ? "" : "s")
                    + " did not stick: "
                    + dropped.stream().map(DroppedOption::sentence).collect(Collectors.joining("; ")));
        }
        return new Granted(made.text(), made.config().origins());
    }

    /** Whom to ask what the builder's compiler is capable of: this host, which is quicker, if it has the same. */
    private static Builder quickest(Builder builder, Target target) throws IOException {
        if (builder instanceof HostBuilder) {
            return builder;
        }
        Toolchain toolchain = builder.toolchain(target);
        Builder host = new HostBuilder();
        try {
            return host.toolchain(target).equals(toolchain) ? host : builder;
        } catch (FarmException e) {
            return builder; // There is none here.
        }
    }

    /** Who wished what of the options of a run that this stage is through with. */
    static Map<String, OptionOrigin> origins(RunLayout layout) throws IOException {
        return Json.read(layout.origins(), Origins.class);
    }

    /** {@code origins.json}. */
    private static final class Origins extends LinkedHashMap<String, OptionOrigin> {
        private static final long serialVersionUID = 1L;
    }

    /**
     * A configuration, with the text of its file: the next one is resolved in the same place.
     */
    record Resolved(ResolvedConfig config, String text) {}

    /**
     * The configuration of {@code source} on {@code host}, with what was dropped.
     *
     * @throws FarmException wrong usage, if the profile or an option is malformed; the farm's fault, if there is no compiler
     */
    static Resolved resolve(
            KernelSource source,
            Target target,
            Profile profile,
            Map<String, String> options,
            HostBuilder host,
            CacheLayout cache,
            Progress progress)
            throws IOException {
        host.toolchain(target); // The configuration asks for its abilities.
        return resolve(profile, options, tree(source, target, cache), KconfigRunner.HOST, progress);
    }

    private static Resolved resolve(
            Profile profile, Map<String, String> options, KernelTree tree, KconfigRunner runner, Progress progress)
            throws IOException {
        return FolderLock.holding(tree.objects(), progress, () -> resolve(profile, options, tree, runner));
    }

    private static Resolved resolve(Profile profile, Map<String, String> options, KernelTree tree, KconfigRunner runner)
            throws IOException {
        try {
            ResolvedConfig resolved = ConfigResolver.resolve(profile, Fragment.ofSpec(options), tree, runner);
            return new Resolved(resolved, Files.readString(resolved.dotConfig()));
        } catch (ConfigException e) {
            throw FarmException.usage(e.getMessage(), e);
        } catch (KconfigException e) {
            if (ChildProcesses.stoppingWithin(ChildProcesses.SIGNALS_APART)) {
                throw new ChildProcesses.StoppedException();
            }
            throw FarmException.farm(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FarmException.farm("interrupted while configuring", e);
        }
    }

    static KernelTree tree(KernelSource source, Target target, CacheLayout cache) {
        return new KernelTree(source.tree(), cache.kconfig(source, target), target.id(), target.toolPrefix());
    }
}
