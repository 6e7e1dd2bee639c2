package io.kernelfarm.pipelines;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code kernel.yaml}: every key known, every key once, every value of its kind. */
public final class SpecReader {

    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private static final Pattern DUPLICATE = Pattern.compile("Duplicate field '([^']*)'");

    private SpecReader() {}

    /**
     * Reads {@code file}.
     *
     * @throws FarmException wrong usage: one sentence with file and line
     */
    public static Spec read(Path file) {
        try {
            String text = Files.readString(file);
            if (text.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"))) {
                throw FarmException.usage(file + " is empty; a spec names at least a source and a profile");
            }
            refuseUnknownKeys(file, text);
            return MAPPER.readValue(text, Spec.class);
        } catch (NoSuchFileException e) {
            throw FarmException.usage(
                    "there is no spec " + file + "; go to the folder that holds it, or name one with --spec", e);
        } catch (JacksonException e) {
            throw FarmException.usage(place(file, e.getLocation()) + explain(e), e);
        } catch (CharacterCodingException e) {
            throw FarmException.usage(file + " is not a text in UTF-8", e);
        } catch (IOException e) {
            throw FarmException.usage("cannot read the spec " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Looks at the keys alone, before any value: Jackson would tell of them last, and with the place where the mapping
     * ends.
     */
    private static void refuseUnknownKeys(Path file, String text) throws IOException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                refuseUnknownKeys(file, parser, Spec.class);
            }
        }
    }

    private static void refuseUnknownKeys(Path file, JsonParser parser, Class<?> type) throws IOException {
        Map<String, Class<?>> known = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            known.put(component.getName(), component.getType());
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            if (!known.containsKey(key)) {
                throw FarmException.usage(place(file, parser.currentTokenLocation()) + "unknown key '" + key + "'"
                        + suggestion(key, known.keySet()));
            }
            if (parser.nextToken() == JsonToken.START_OBJECT && known.get(key).isRecord()) {
                refuseUnknownKeys(file, parser, known.get(key));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static String place(Path file, JsonLocation location) {
        return location == null || location.getLineNr() < 1 ? file + ": " : file + ":" + location.getLineNr() + ": ";
    }

    private static String explain(JacksonException error) {
        if (error instanceof ValueInstantiationException
                && error.getCause() instanceof IllegalArgumentException cause) {
            return cause.getMessage();
        }
        Matcher duplicate = DUPLICATE.matcher(String.valueOf(error.getOriginalMessage()));
        if (duplicate.find()) {
            return "key '" + duplicate.group(1) + "' is given twice";
        }
        if (error instanceof MismatchedInputException mismatch) {
            String path = path(mismatch);
            return (path.isEmpty() ? "the spec" : "'" + path + "'") + " must be " + kind(mismatch.getTargetType());
        }
        return "not YAML: "
                + String.valueOf(error.getOriginalMessage()).lines().findFirst().orElse("");
    }

    private static String path(JsonMappingException error) {
        return error.getPath().stream()
                .map(step -> step.getFieldName() != null ? step.getFieldName() : String.valueOf(step.getIndex()))
                .collect(Collectors.joining("."));
    }

    private static String kind(Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (Map.class.isAssignableFrom(type) || type.isRecord()) {
            return "a mapping (key: value)";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list ([a, b])";
        }
        if (Number.class.isAssignableFrom(type) || type == int.class) {
            return "a whole number";
        }
        return "a text";
    }

    private static String suggestion(String wrong, Collection<String> known) {
        Optional<String> near = known.stream()
                .filter(key -> distance(wrong.toLowerCase(Locale.ROOT), key) <= 2)
                .min(java.util.Comparator.comparingInt(key -> distance(wrong.toLowerCase(Locale.ROOT), key)));
        return near.map(key -> "; did you mean '" + key + "'?")
                .orElseGet(() -> "; known here are " + known.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** Levenshtein's distance: insertions, deletions and replacements from {@code a} to {@code b}. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
