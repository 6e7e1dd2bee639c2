package io.jenkins.plugins.kernelfarm.step;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be said about the arguments of the program before it runs. */
final class FarmArguments {
    /** Options with a file of the workspace. */
    private static final Set<String> FILES = Set.of("--spec", "--matrix", "--machines", "--events");

    private FarmArguments() {}

    /**
     * Says what is wrong with arguments as somebody types them into a form.
     *
     * @param words the arguments, separated
     * @return one sentence with the remedy, or nothing if they are good or are known only when the build runs
     */
    static Optional<String> complaint(String text, List<String> words) {
        if (oddQuotes(text)) {
            return Optional.of("A quote is not closed; close it, or write \\\" for one that means itself.");
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            String value = equals >= 0 ? word.substring(equals + 1) : i + 1 < words.size() ? words.get(i + 1) : "";
            if (option.equals("--key")) {
                return Optional.of("The key is a credential: choose it in 'Signing key', and leave --key out.");
            }
            if (FILES.contains(option)) {
                Optional<String> complaint = value.equals("-") ? Optional.empty() : pathComplaint(option, value);
                if (complaint.isPresent()) {
                    return complaint;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> pathComplaint(String option, String value) {
        if (value.contains("$")) {
            return Optional.empty();
        }
        if (value.isBlank() || value.startsWith("--")) {
            return Optional.of(option + " needs a file of the workspace after it, such as " + option + " kernel.yaml.");
        }
        try {
            Path path = Path.of(value);
            return path.isAbsolute() || path.normalize().startsWith("..")
                    ? Optional.of(option + " names '" + value
                            + "', which is outside of the workspace; name a file in it, such as kernel.yaml.")
                    : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.of(option + " names '" + value + "', which cannot be a file's name.");
        }
    }

    private static boolean oddQuotes(String text) {
        char open = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (open == 0 && (c == '"' || c == '\'')) {
                open = c;
            } else if (c == open) {
                open = 0;
            }
        }
        return open != 0;
    }
}
