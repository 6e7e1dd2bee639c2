package io.kernelfarm.configs;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options that a kernel tree offers, as far as it takes to explain a configuration. The kernel's own tool decides
 * what gets which value; this one is only asked why.
 */
public final class Kconfig {
    private final String release;
    private final Map<String, Option> options;

    Kconfig(String release, Map<String, Option> options) {
        this.release = release;
        this.options = Collections.unmodifiableMap(options);
    }

    /**
     * An option, which may be defined in several places.
     *
     * @param type {@code bool}, {@code tristate}, {@code string}, {@code hex}, {@code int}; empty if no place gives it
     */
    record Option(String name, String type, List<Definition> definitions, List<Selection> selections) {
        /** The definition that lets it be chosen; without such a one, the first. */
        Definition main() {
            return definitions.stream()
                    .filter(definition -> !definition.prompt().isEmpty())
                    .findFirst()
                    .orElse(definitions.get(0));
        }

        boolean isSwitch() {
            return type.isEmpty() || type.equals("bool") || type.equals("tristate");
        }

        /** Whatever has to hold before it can be chosen at all. */
        Expression condition() {
            return main().depends().and(main().promptCondition());
        }

        /** The options that are on and select this one, in their order. */
        List<String> selectedBy(DotConfig config) {
            return selections.stream()
                    .filter(selection ->
                            config.isOn(selection.by()) && selection.condition().level(config) > 0)
                    .map(Selection::by)
                    .distinct()
                    .toList();
        }
    }

    /**
     * One {@code config} block.
     *
     * @param file relative to the source
     * @param line from 1
     * @param depends what it depends on itself, and what the menus and {@code if}s around it do
     * @param prompt what people are asked; empty if it cannot be chosen
     * @param promptCondition when they are asked
     * @param choice of which it is one member, if it is
     */
    record Definition(
            String file,
            int line,
            Expression depends,
            String prompt,
            Expression promptCondition,
            Optional<Choice> choice) {}

    /** A {@code choice}: one of its members is {@code y}. */
    record Choice(String prompt, List<String> members) {}

    /** A {@code select} that is aimed at an option. */
    record Selection(String by, Expression condition) {}

    /**
     * Reads the Kconfig files of {@code tree} that serve its architecture.
     *
     * @throws ConfigException if there is no kernel source
     */
    public static Kconfig read(KernelTree tree) throws IOException {
        return new KconfigReader(tree).read();
    }

    /** What the tree is called in sentences, for example {@code Linux 6.1 for x86_64}. */
    String release() {
        return release;
    }

    Optional<Option> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    Set<String> names() {
        return options.keySet();
    }
}
