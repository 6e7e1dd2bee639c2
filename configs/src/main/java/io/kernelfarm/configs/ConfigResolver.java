package io.kernelfarm.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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

    /**
     * Writes {@code .config} into the folder of objects of {@code tree}. It takes a few seconds.
     *
     * @param spec the spec's own options, applied after all fragments of {@code profile}
     * @throws ConfigException if {@code tree} holds no kernel source
     * @throws KconfigException if the kernel's tool fails
     * @throws InterruptedException when interrupted; the tool has been ended
     */
    public static ResolvedConfig resolve(Profile profile, Fragment spec, KernelTree tree)
            throws IOException, InterruptedException {
        tree.version();
        SortedMap<String, List<Wish>> wishes = new TreeMap<>();
        List<Fragment> fragments = new ArrayList<>(profile.fragments());
        fragments.add(spec);
        for (Fragment fragment : fragments) {
            for (Wish wish : fragment.wishes()) {
                wishes.computeIfAbsent(wish.option(), unknown -> new ArrayList<>())
                        .add(wish);
            }
        }
        SortedMap<String, Wish> counting = new TreeMap<>();
        wishes.forEach((option, all) -> counting.put(option, all.get(all.size() - 1)));

        Path dotConfig = run(profile.base(), wanted(counting), tree);
        DotConfig config = DotConfig.read(dotConfig);

        SortedMap<String, OptionOrigin> origins = new TreeMap<>();
        wishes.forEach((option, all) -> origins.put(option, new OptionOrigin(option, config.value(option), all)));
        return new ResolvedConfig(dotConfig, config, origins, dropped(counting, config, tree));
    }

    /** The wishes in the syntax of a {@code .config} file. */
    private static String wanted(Map<String, Wish> wishes) {
        StringBuilder text = new StringBuilder();
        for (Wish wish : wishes.values()) {
            text.append(
                    wish.value().equals("n")
                            ? "# CONFIG_" + wish.option() + " is not set\n"
                            : "CONFIG_" + wish.option() + "=" + wish.value() + "\n");
        }
        return text.toString();
    }

    private static Path run(Base base, String wanted, KernelTree tree) throws IOException, InterruptedException {
        Files.createDirectories(tree.objects());
        Path dotConfig = tree.objects().resolve(".config");
        switch (base) {
            case ALLNOCONFIG -> {
                Path file = tree.objects().resolve(WANTED);
                write(file, wanted);
                KconfigTool.make(tree, List.of("KCONFIG_ALLCONFIG=" + file, base.target()));
            }
            case DEFCONFIG -> {
                KconfigTool.make(tree, List.of(base.target()));
                // Of several lines for one option the tool takes the last.
                write(dotConfig, Files.readString(dotConfig) + wanted);
                KconfigTool.make(tree, List.of("olddefconfig"));
            }
        }
        return dotConfig;
    }

    private static void write(Path file, String text) throws IOException {
        Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<DroppedOption> dropped(Map<String, Wish> wishes, DotConfig config, KernelTree tree)
            throws IOException {
        Kconfig kconfig = Kconfig.read(tree);
        DropReasons reasons = new DropReasons(kconfig, config, wishes);
        List<DroppedOption> dropped = new ArrayList<>();
        for (Wish wish : wishes.values()) {
            String got = config.value(wish.option());
            // A wish for n of an option that does not exist would be granted without a word: a slip of the pen.
            if (!got.equals(wish.value()) || kconfig.option(wish.option()).isEmpty()) {
                dropped.add(new DroppedOption(
                        wish.option(), wish.value(), got, wish.fragment(), wish.line(), reasons.why(wish)));
            }
        }
        return dropped;
    }
}
