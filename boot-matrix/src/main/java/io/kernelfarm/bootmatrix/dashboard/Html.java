package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.report.ConsoleText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;

/**
 * Writes HTML in which no text can become markup: text and attributes pass through {@link ConsoleText} and are escaped,
 * and tags are closed in the order they were opened. Tag and attribute names are the caller's constants.
 */
final class Html {

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; {@code attributes} are names and values in turn. An attribute whose value is empty is left out. */
    Html open(String tag, String... attributes) {
        start(tag, attributes);
        open.push(tag);
        return this;
    }

    /** An element without contents, such as {@code meta}. */
    Html empty(String tag, String... attributes) {
        start(tag, attributes);
        return this;
    }

    /** An element that holds just {@code text}. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    Html text(String text) {
        out.append(escaped(text));
        return this;
    }

    /** Text of several lines, their ends kept. */
    Html lines(String text) {
        out.append(text.lines().map(Html::escaped).collect(Collectors.joining("\n")));
        return this;
    }

    Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    Html line() {
        out.append('\n');
        return this;
    }

    /** Begins a document of its own. */
    static Html document() {
        Html html = new Html();
        html.out.append("<!doctype html>\n");
        return html;
    }

    /** What another of this class has written. */
    Html markup(String written) {
        out.append(written);
        return this;
    }

    /** All that was written, all elements closed. */
    String written() {
        while (!open.isEmpty()) {
            close();
        }
        return out.toString();
    }

    /** One line of text, made harmless and escaped for element contents and for attributes in double quotes. */
    static String escaped(String text) {
        String plain = ConsoleText.harmless(text);
        StringBuilder escaped = new StringBuilder(plain.length() + 16);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private void start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            if (!attributes[i + 1].isEmpty()) {
                out.append(' ')
                        .append(attributes[i])
                        .append("=\"")
                        .append(escaped(attributes[i + 1]))
                        .append('"');
            }
        }
        out.append('>');
    }
}
