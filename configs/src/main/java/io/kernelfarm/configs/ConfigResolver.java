package io.kernelfarm.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes a configuration out of wishes: the kernel's own tool gives every option its value, and what it did not grant
 * is found, named and explained.
 */
public final class ConfigResolver {
    private static final String WANTED = ".kernel-farm-wanted.config";

    private ConfigResolver() {}

    /** As {@link #resolve(Profile, Fragment, KernelTree)}, with nothing that the spec asks for on top. */
    public static ResolvedConfig resolve(Profile profile, KernelTree tree) throws IOException, InterruptedException {
        return resolve(profile, Fragment.ofSpec(Map.of()), tree);
    }

    /** As {@link #resolve(Profile, Fragment, KernelTree, KconfigRunner)}, on this host. */
    public static ResolvedConfig resolve(Profile profile, Fragment spec, KernelTree tree)
            throws IOException, InterruptedException {
        return resolve(profile, spec, tree, KconfigRunner.HOST);
    }

    /**
     * Writes {@code .config} into the folder of objects of {@code tree}. It takes a few seconds.
     *
     * @param spec the spec's own options, applied after all fragments of {@code profile}
     * @throws ConfigException if {@code tree} holds no kernel source
     * @throws KconfigException if the kernel's tool fails
     * @throws InterruptedException when interrupted; the tool has been ended
     */
    public static ResolvedConfig resolve(Profile profile, Fragment spec, KernelTree tree, KconfigRunner runner)
            throws IOException, InterruptedException {
        Kconfig kconfig = Kconfig.read(tree);
        SortedMap<String, List<Wish>> wishes = new TreeMap<>();
        // In the order in which the wishes that count were made: of a choice, the kernel's tool takes the last member.
        Map<String, Wish> counting = new LinkedHashMap<>();
        Stream.concat(profile.fragments().stream(), Stream.of(spec))
                .flatMap(fragment -> fragment.wishes().stream())
                .forEach(wish -> {
                    wishes.computeIfAbsent(wish.option(), unknown -> new ArrayList<>())
                            .add(wish);
                    counting.remove(wish.option());
                    counting.put(wish.option(), wish);
                });

        Path dotConfig = run(profile.base(), wanted(counting.values()), tree, runner);
        DotConfig config = DotConfig.read(dotConfig);

        SortedMap<String, OptionOrigin> origins = new TreeMap<>();
        wishes.forEach((option, all) -> {
            rival(counting.get(option), counting, config, kconfig).ifPresent(all::add);
            origins.put(option, new OptionOrigin(option, config.value(option), all));
        });
        return new ResolvedConfig(dotConfig, config, origins, dropped(origins, config, kconfig));
    }

    /** Whoever asks later for another member of the same choice, and gets it, asks by that for {@code n} of this one. */
    private static Optional<Wish> rival(Wish wish, Map<String, Wish> counting, DotConfig config, Kconfig kconfig) {
        if (!wish.value().equals("y") || config.isOn(wish.option())) {
            return Optional.empty();
        }
        List<Wish> inOrder = List.copyOf(counting.values());
        Set<String> members = kconfig.option(wish.option())
                .flatMap(option -> option.main().choice())
                .map(choice -> Set.copyOf(choice.members()))
                .orElse(Set.of());
        return inOrder.subList(inOrder.indexOf(wish) + 1, inOrder.size()).stream()
                .filter(later -> members.contains(later.option()) && config.isOn(later.option()))
                .map(taken -> new Wish(wish.option(), "n", taken.fragment(), taken.line()))
                .findFirst();
    }

    /** The wishes in the syntax of a {@code .config} file. */
    private static String wanted(Collection<Wish> wishes) {
        StringBuilder text = new StringBuilder();
        for (Wish wish : wishes) {
            text.append(
                    wish.value().equals("n")
                            ? "# CONFIG_" + wish.option() + " is not set\n"
                            : "CONFIG_" + wish.option() + "=" + wish.value() + "\n");
        }
        return text.toString();
    }

    private static Path run(Base base, String wanted, KernelTree tree, KconfigRunner runner)
            throws IOException, InterruptedException {
        Files.createDirectories(tree.objects());
        Path dotConfig = tree.objects().resolve(".config");
        switch (base) {
            case ALLNOCONFIG -> {
                Path file = tree.objects().resolve(WANTED);
                write(file, wanted);
                make(tree, runner, "KCONFIG_ALLCONFIG=" + file, base.target());
            }
            case DEFCONFIG -> {
                make(tree, runner, base.target());
                // Of several lines for one option the tool takes the last.
                write(dotConfig, Files.readString(dotConfig) + wanted);
                make(tree, runner, "olddefconfig");
            }
        }
        return dotConfig;
    }

    private static void make(KernelTree tree, KconfigRunner runner, String... arguments)
            throws IOException, InterruptedException {
        runner.run(tree, KconfigTool.command(tree, List.of(arguments)));
    }

    private static void write(Path file, String text) throws IOException {
        Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<DroppedOption> dropped(
            SortedMap<String, OptionOrigin> origins, DotConfig config, Kconfig kconfig) {
        DropReasons reasons = new DropReasons(kconfig, config, origins);
        List<DroppedOption> dropped = new ArrayList<>();
        for (OptionOrigin origin : origins.values()) {
            Wish wish = origin.wish();
            // A wish for n of an option that does not exist would be granted without a word: a slip of the pen.
            if (!origin.value().equals(wish.value())
                    || kconfig.option(wish.option()).isEmpty()) {
                dropped.add(new DroppedOption(
                        wish.option(), wish.value(), origin.value(), wish.fragment(), wish.line(), reasons.why(wish)));
            }
        }
        return dropped;
    }
}
