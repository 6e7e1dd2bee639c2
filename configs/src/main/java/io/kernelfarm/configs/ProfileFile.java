package io.kernelfarm.configs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What a profile's file says. It is read token by token, because only so the line of what is wrong can be named.
 *
 * @param fragments names, in order
 */
record ProfileFile(String name, String summary, Base base, List<String> fragments) {
    private static final String KEYS = "the keys are name, summary, base, fragments";
    private static final YAMLFactory YAML = new YAMLFactory();

    ProfileFile {
        fragments = List.copyOf(fragments);
    }

    /**
     * Parses the text of a profile.
     *
     * @throws ConfigException naming the file and line of what is wrong
     */
    static ProfileFile parse(String fileName, String text) {
        try (JsonParser parser = YAML.createParser(text)) {
            return new Reader(fileName, parser).read();
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    e.getCause() instanceof MarkedYAMLException marked
                            ? fileName + ":" + (marked.getProblemMark().getLine() + 1) + ": cannot be read as YAML: "
                                    + marked.getProblem()
                            : fileName + ": cannot be read as YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigException(fileName + ": " + e.getMessage());
        }
    }

    private static final class Reader {
        private final String fileName;
        private final JsonParser parser;
        private String name;
        private String summary;
        private Base base;
        private List<String> fragments;

        private Reader(String fileName, JsonParser parser) {
            this.fileName = fileName;
            this.parser = parser;
        }

        private ProfileFile read() throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ConfigException(fileName + ": holds no profile; " + KEYS);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                switch (key) {
                    case "name" -> name = text(key);
                    case "summary" -> summary = text(key);
                    case "base" -> base = base(key);
                    case "fragments" -> fragments = texts(key);
                    default -> throw wrong("unknown key '" + key + "'; " + KEYS);
                }
            }
            require("name", name);
            require("summary", summary);
            require("base", base);
            require("fragments", fragments);
            return new ProfileFile(name, summary, base, fragments);
        }

        private Base base(String key) throws IOException {
            String text = text(key);
            try {
                return Base.of(text);
            } catch (ConfigException e) {
                throw wrong(e.getMessage());
            }
        }

        private String text(String key) throws IOException {
            if (!parser.nextToken().isScalarValue()) {
                throw wrong("the value of '" + key + "' must be a text");
            }
            return parser.getText();
        }

        private List<String> texts(String key) throws IOException {
            List<String> texts = new ArrayList<>();
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw wrong("the value of '" + key + "' must be a list of names");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (!parser.currentToken().isScalarValue()) {
                    throw wrong("the value of '" + key + "' must be a list of names");
                }
                texts.add(parser.getText());
            }
            return texts;
        }

        private void require(String key, Object value) {
            if (value == null) {
                throw new ConfigException(fileName + ": the key '" + key + "' is missing");
            }
        }

        private ConfigException wrong(String sentence) {
            return new ConfigException(
                    fileName + ":" + parser.currentTokenLocation().getLineNr() + ": " + sentence);
        }
    }
}
