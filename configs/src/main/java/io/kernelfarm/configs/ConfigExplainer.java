package io.kernelfarm.configs;

import io.kernelfarm.configs.Kconfig.Option;
import java.util.List;
import java.util.Optional;

/** Says of any one option what it is, what value it has, and whose doing that is. */
public final class ConfigExplainer {
    private ConfigExplainer() {}

    /**
     * All that can be said of one option.
     *
     * @param option without {@code CONFIG_}
     * @param value in the resolved configuration
     * @param prompt what the kernel's tool calls it in its menus; empty if it cannot be chosen
     * @param definedAt place in the kernel's source, {@code file:line}
     * @param dependsOn condition in Kconfig's syntax; {@code y} if there is none
     * @param wishes all that mention it, in the order in which they were applied; the last one counts
     * @param overridden those of the wishes that lost to the last one
     * @param selectedBy options that are on and turn this one on
     * @param why it has this value, without a full stop
     */
    public record Explanation(
            String option,
            String value,
            String prompt,
            String definedAt,
            String dependsOn,
            List<Wish> wishes,
            List<Wish> overridden,
            List<String> selectedBy,
            String why) {
        public Explanation {
            wishes = List.copyOf(wishes);
            overridden = List.copyOf(overridden);
            selectedBy = List.copyOf(selectedBy);
        }
    }

    /**
     * Explains {@code option}, which may be written with or without {@code CONFIG_}.
     *
     * @param kconfig of the tree that {@code resolved} was made in
     * @throws ConfigException if the tree has no such option
     */
    public static Explanation explain(String option, ResolvedConfig resolved, Kconfig kconfig) {
        String name = option.startsWith("CONFIG_") ? option.substring("CONFIG_".length()) : option;
        Option known = kconfig.option(name)
                .orElseThrow(() -> new ConfigException(option + ": " + DropReasons.unknown(name, kconfig)));
        Optional<OptionOrigin> origin = Optional.ofNullable(resolved.origins().get(name));
        List<String> selectedBy = known.selectedBy(resolved.config());
        return new Explanation(
                name,
                resolved.config().value(name),
                known.main().prompt(),
                known.main().file() + ":" + known.main().line(),
                known.main().depends().toText(),
                origin.map(OptionOrigin::wishes).orElse(List.of()),
                origin.map(OptionOrigin::overridden).orElse(List.of()),
                selectedBy,
                why(known, resolved, kconfig, origin, selectedBy));
    }

    private static String why(
            Option option,
            ResolvedConfig resolved,
            Kconfig kconfig,
            Optional<OptionOrigin> origin,
            List<String> selectedBy) {
        DropReasons reasons = new DropReasons(kconfig, resolved.config(), resolved.origins());
        if (origin.isPresent()) {
            Wish wish = origin.get().wish();
            return wish.value().equals(origin.get().value())
                    ? origin.get().why()
                    : origin.get().why() + ", but " + reasons.why(wish);
        } else if (!resolved.config().isOn(option.name())) {
            return reasons.whyLess(option, 1).orElse("nobody asked for it");
        } else if (!selectedBy.isEmpty()) {
            return "it is selected by " + String.join(", ", selectedBy);
        }
        return "it is the default of the kernel or of the profile's base";
    }
}
