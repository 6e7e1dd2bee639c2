package io.kernelfarm.artifacts.deb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files of {@code Field: value} stanzas: deb822(5). */
public final class DebControl {
    private DebControl() {}

    /** Lines that are neither field nor continuation are passed over. */
    public static List<Map<String, String>> parse(String text) {
        List<Map<String, String>> stanzas = new ArrayList<>();
        Map<String, String> stanza = new LinkedHashMap<>();
        String field = null;
        for (String line : text.lines().toList()) {
            if (line.isBlank()) {
                if (!stanza.isEmpty()) {
                    stanzas.add(stanza);
                    stanza = new LinkedHashMap<>();
                }
                field = null;
            } else if (Character.isWhitespace(line.charAt(0))) {
                if (field != null) {
                    stanza.merge(field, "\n" + line.stripTrailing(), String::concat);
                }
            } else if (line.indexOf(':') > 0) {
                field = line.substring(0, line.indexOf(':'));
                stanza.put(field, line.substring(line.indexOf(':') + 1).strip());
            }
        }
        if (!stanza.isEmpty()) {
            stanzas.add(stanza);
        }
        return stanzas;
    }

    public static String format(Map<String, String> stanza) {
        StringBuilder text = new StringBuilder();
        // A value that goes on in the next line and has nothing in the first has no space after the colon.
        stanza.forEach((field, value) -> text.append(field)
                .append(value.startsWith("\n") ? ":" : ": ")
                .append(value)
                .append('\n'));
        return text.toString();
    }
}
