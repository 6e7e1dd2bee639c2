package io.kernelfarm.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Wanted options with one purpose. Its file has the syntax of a {@code .config} file
 * (Documentation/kbuild/kconfig.rst): {@code CONFIG_X=value} wants a value, {@code # CONFIG_X is not set} wants
 * {@code n}, and every other line is empty or a comment.
 *
 * @param name of its file, without {@link #SUFFIX}
 * @param wishes in the file's order, each option once
 */
public record Fragment(String name, List<Wish> wishes) {
    /** What the names of fragment files end with. */
    public static final String SUFFIX = ".config";

    /** The name of the fragment that a spec's own options make. It is applied last, so it may override any other. */
    public static final String SPEC = "spec";

    private static final Pattern SET = Pattern.compile("CONFIG_(\\w+)=(.*)");
    private static final Pattern NOT_SET = Pattern.compile("#\\s*CONFIG_(\\w+) is not set");
    private static final Pattern OPTION = Pattern.compile("(?:CONFIG_)?(\\w+)");
    private static final Pattern VALUE = Pattern.compile("[ymn]|-?\\d+|0[xX][0-9a-fA-F]+|\"(?:[^\"\\\\]|\\\\.)*\"");

    public Fragment {
        wishes = List.copyOf(wishes);
    }

    /**
     * Reads {@code file}, whose name ends with {@link #SUFFIX}.
     *
     * @throws ConfigException naming the file and line of what is malformed
     */
    public static Fragment read(Path file) throws IOException {
        String fileName = file.getFileName().toString();
        if (!fileName.endsWith(SUFFIX)) {
            throw new ConfigException(file + " is no fragment: its name must end with " + SUFFIX);
        }
        return parse(fileName.substring(0, fileName.length() - SUFFIX.length()), Files.readString(file));
    }

    /**
     * Parses the text of a fragment file.
     *
     * @throws ConfigException naming the file and line of what is malformed
     */
    public static Fragment parse(String name, String text) {
        Map<String, Wish> wishes = new LinkedHashMap<>();
        int number = 0;
        for (String raw : (Iterable<String>) text.lines()::iterator) {
            number++;
            String line = raw.strip();
            Matcher set = SET.matcher(line);
            Matcher notSet = NOT_SET.matcher(line);
            Wish wish;
            if (set.matches()) {
                wish = new Wish(set.group(1), set.group(2).strip(), name, number);
                requireValue(wish);
            } else if (notSet.matches()) {
                wish = new Wish(notSet.group(1), "n", name, number);
            } else if (line.isEmpty() || line.startsWith("#")) {
                continue;
            } else {
                throw new ConfigException(name + SUFFIX + ":" + number + ": cannot read '" + line
                        + "'; write CONFIG_NAME=value, '# CONFIG_NAME is not set', or a comment that begins with #");
            }
            Wish first = wishes.putIfAbsent(wish.option(), wish);
            if (first != null) {
                throw new ConfigException(wish.place() + ": CONFIG_" + wish.option() + " was already set on line "
                        + first.line() + "; keep one of the two");
            }
        }
        return new Fragment(name, List.copyOf(wishes.values()));
    }

    /**
     * The fragment {@link #SPEC}.
     *
     * @param options option names, with or without {@code CONFIG_}, to values as in a {@code .config} file
     * @throws ConfigException naming the option that is malformed
     */
    public static Fragment ofSpec(Map<String, String> options) {
        List<Wish> wishes = new ArrayList<>();
        options.forEach((option, value) -> {
            Matcher name = OPTION.matcher(option);
            if (!name.matches()) {
                throw new ConfigException(
                        "options: '" + option + "' is no option; write its name, for example XEN_DOM0");
            }
            Wish wish = new Wish(name.group(1), value, SPEC, 0);
            requireValue(wish);
            wishes.add(wish);
        });
        return new Fragment(SPEC, wishes);
    }

    private static void requireValue(Wish wish) {
        if (!VALUE.matcher(wish.value()).matches()) {
            throw new ConfigException(wish.place() + ": CONFIG_" + wish.option() + " cannot be '" + wish.value()
                    + "'; a value is y, m, n, a number, or a string in double quotes, and nothing may follow it");
        }
    }
}
