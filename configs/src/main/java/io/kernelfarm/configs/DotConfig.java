package io.kernelfarm.configs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contents of a kernel's {@code .config} file.
 *
 * @param values of the options that are set, without {@code CONFIG_}; what is not in it is {@code n}
 */
public record DotConfig(SortedMap<String, String> values) {
    private static final Pattern SET = Pattern.compile("CONFIG_(\\w+)=(.*)");

    public DotConfig {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * Reads {@code file}.
     *
     * @throws ConfigException if there is no such file, or it sets no option
     */
    public static DotConfig read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException("no configuration " + file + "; give the path of a kernel's .config file");
        }
        DotConfig config = parse(text);
        if (config.values.isEmpty()) {
            throw new ConfigException(file + " is no kernel configuration: it has no line CONFIG_NAME=value");
        }
        return config;
    }

    static DotConfig parse(String text) {
        SortedMap<String, String> values = new TreeMap<>();
        text.lines().forEach(line -> {
            Matcher set = SET.matcher(line.strip());
            if (set.matches()) {
                values.put(set.group(1), set.group(2));
            }
        });
        return new DotConfig(values);
    }

    /** The value of {@code option}, which has no {@code CONFIG_}; {@code n} if it is not set. */
    public String value(String option) {
        return values.getOrDefault(option, "n");
    }

    /** Whether {@code option} is {@code y} or {@code m}. */
    public boolean isOn(String option) {
        return !value(option).equals("n");
    }
}
