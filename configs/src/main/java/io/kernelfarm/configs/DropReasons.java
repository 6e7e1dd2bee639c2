package io.kernelfarm.configs;

import io.kernelfarm.configs.Kconfig.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says from the Kconfig files why an option does not have the value that was wished for. */
final class DropReasons {
    private static final int LONGEST_CHAIN = 6;
    private static final int MOST_NAMES = 4;

    private final Kconfig kconfig;
    private final DotConfig config;
    private final Map<String, OptionOrigin> origins;

    /**
     * @param config as the kernel's tool left it
     * @param origins of the options that somebody wished for, by option
     */
    DropReasons(Kconfig kconfig, DotConfig config, Map<String, OptionOrigin> origins) {
        this.kconfig = kconfig;
        this.config = config;
        this.origins = origins;
    }

    String why(Wish wish) {
        Optional<Option> known = kconfig.option(wish.option());
        if (known.isEmpty()) {
            return unknown(wish.option(), kconfig);
        }
        Option option = known.get();
        boolean isSwitch = wish.value().matches("[ymn]");
        if (option.type().equals("bool") && wish.value().equals("m")) {
            return "it is a bool, so it can be y or n and not m";
        } else if (isSwitch != option.isSwitch()) {
            return "its type is " + option.type();
        }
        int wanted = isSwitch ? Expression.level(wish.value()) : 1;
        if (isSwitch && wanted < Expression.level(config.value(wish.option()))) {
            return whyMore(option);
        }
        return whyLess(option, wanted).orElse("its dependencies hold; the value does not suit its type or range");
    }

    /** The sentence for an option that the tree does not offer. */
    static String unknown(String option, Kconfig kconfig) {
        return "no such option in " + kconfig.release()
                + Nearest.to(option, kconfig.names())
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    /** Why it is on, or built in, though less was wanted. */
    private String whyMore(Option option) {
        List<String> selectors = option.selectedBy(config);
        if (!selectors.isEmpty()) {
            return "it is selected by " + someOf(selectors, " and ");
        }
        String offered = offered(option, 1).orElse(null);
        if (offered != null) {
            return "it is on by default and cannot be turned off, because it " + offered;
        }
        return option.main().prompt().isEmpty()
                ? "it has no prompt: its default turns it on whatever is asked for"
                : option.main()
                        .choice()
                        .map(choice -> "one member of the choice \"" + choice.prompt()
                                + "\" must be y, and no other was asked for")
                        .orElse("its default turned it on");
    }

    /** Why it is off, or a module, though {@code wanted} was wanted; nothing if it could have had that. */
    Optional<String> whyLess(Option option, int wanted) {
        Optional<String> blocked = blocked(option, wanted);
        if (blocked.isPresent()) {
            return Optional.of("it " + blocked.get());
        }
        if (option.main().prompt().isEmpty()) {
            List<String> selectors = option.selections().stream()
                    .map(Kconfig.Selection::by)
                    .distinct()
                    .toList();
            return Optional.of(
                    selectors.isEmpty()
                            ? "it has no prompt: only its default decides"
                            : "it has no prompt: it is only on when selected by " + someOf(selectors, " or "));
        }
        return option.main().choice().flatMap(choice -> choice.members().stream()
                .filter(member -> !member.equals(option.name()) && config.isOn(member))
                .findFirst()
                .map(taken ->
                        "only one member of the choice \"" + choice.prompt() + "\" can be y, and that is " + taken));
    }

    /** What it depends on and does not have, and how that came about. */
    private Optional<String> blocked(Option option, int wanted) {
        Expression depends = option.main().depends();
        if (depends.level(config) < wanted) {
            return Optional.of("depends on " + blame(depends, wanted));
        }
        return offered(option, wanted);
    }

    private Optional<String> offered(Option option, int wanted) {
        Expression condition = option.main().promptCondition();
        boolean isHidden = !option.main().prompt().isEmpty() && condition.level(config) < wanted;
        return isHidden ? Optional.of("is only offered with " + blame(condition, wanted)) : Optional.empty();
    }

    private String blame(Expression condition, int wanted) {
        StringBuilder sentence = new StringBuilder(failing(condition, wanted));
        Set<String> seen = new HashSet<>();
        Optional<String> culprit = onlyCulprit(condition, wanted);
        for (int length = 0; length < LONGEST_CHAIN && culprit.isPresent() && seen.add(culprit.get()); length++) {
            String name = culprit.get();
            Optional<Option> option = kconfig.option(name);
            if (option.isEmpty()) {
                sentence.append(" and does not exist here");
                break;
            }
            Optional<Wish> wish = Optional.ofNullable(origins.get(name)).map(OptionOrigin::wish);
            if (wish.isPresent() && Expression.level(wish.get().value()) < wanted) {
                sentence.append(", as ").append(wish.get().asker()).append(" asks");
                break;
            }
            Expression deeper = option.get().condition();
            if (deeper.level(config) >= wanted) {
                if (!option.get().main().prompt().isEmpty()) {
                    sentence.append("; ask for CONFIG_")
                            .append(name)
                            .append("=")
                            .append(wanted == 2 || option.get().type().equals("bool") ? "y" : "m")
                            .append(" as well");
                }
                break;
            }
            sentence.append("; ").append(name).append(" in turn depends on ").append(failing(deeper, wanted));
            culprit = onlyCulprit(deeper, wanted);
        }
        return sentence.toString();
    }

    /** The parts of {@code condition} that do not hold, each with the symbols at fault and their values. */
    private String failing(Expression condition, int wanted) {
        List<String> parts = new ArrayList<>();
        condition
                .conjuncts()
                .filter(part -> part.level(config) < wanted)
                .distinct()
                .forEach(part -> {
                    if (part instanceof Expression.Symbol symbol) {
                        parts.add(symbol.name() + ", which is " + config.value(symbol.name()));
                    } else {
                        String values = part.culprits(config, wanted)
                                .distinct()
                                .map(name -> name + " is " + config.value(name))
                                .collect(Collectors.joining(", "));
                        parts.add("(" + part.toText() + ")" + (values.isEmpty() ? "" : ", where " + values));
                    }
                });
        return String.join(", and on ", parts);
    }

    /** The symbol that is too low where one alone is at fault: only then there is one chain to follow. */
    private Optional<String> onlyCulprit(Expression condition, int wanted) {
        List<Expression> failing = condition
                .conjuncts()
                .filter(part -> part.level(config) < wanted)
                .distinct()
                .toList();
        return failing.size() == 1 && failing.get(0) instanceof Expression.Symbol symbol
                ? Optional.of(symbol.name())
                : Optional.empty();
    }

    private static String someOf(List<String> names, String conjunction) {
        if (names.size() > MOST_NAMES) {
            return String.join(", ", names.subList(0, MOST_NAMES)) + conjunction + (names.size() - MOST_NAMES)
                    + " others";
        }
        int last = names.size() - 1;
        return last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + conjunction + names.get(last);
    }
}
