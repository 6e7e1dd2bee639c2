package io.kernelfarm.pipelines;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
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

/** Reads YAML files into records: every key known, every key once, every value of its kind. */
public final class YamlFile {

    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    /** Where a value that names another file finds the folder that the name is relative to. */
    static final String FOLDER = "folder";

    private static final Pattern DUPLICATE = Pattern.compile("Duplicate field '([^']*)'");

    /**
     * What is said of a kind of file.
     *
     * @param name for example {@code spec}
     * @param least what is in it at least, to be told of an empty one
     * @param missing what to do if it is not there
     */
    record Kind(String name, String least, String missing) {}

    private YamlFile() {}

    /** The folder of the file that is being read; the working folder if that is none of a person's. */
    public static Path folder(DeserializationContext context) {
        return context.getAttribute(FOLDER) instanceof Path folder ? folder : Path.of("");
    }

    /**
     * Reads {@code file}.
     *
     * @throws FarmException wrong usage: one sentence with file and line
     */
    static <T> T read(Path file, Class<T> type, Kind kind) {
        try {
            String text = Files.readString(file);
            if (text.lines().map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"))) {
                throw FarmException.usage(file + " is empty; a " + kind.name() + " names at least " + kind.least());
            }
            refuseUnknownKeys(file, text, type);
            return MAPPER.readerFor(type)
                    .withAttribute(FOLDER, file.toAbsolutePath().getParent())
                    .readValue(text);
        } catch (NoSuchFileException e) {
            throw FarmException.usage("there is no " + kind.name() + " " + file + "; " + kind.missing(), e);
        } catch (JacksonException e) {
            if (e.getCause() instanceof FarmException ofAnotherFile) {
                throw ofAnotherFile;
            }
            throw FarmException.usage(place(file, e.getLocation()) + explain(e, kind), e);
        } catch (CharacterCodingException e) {
            throw FarmException.usage(file + " is not a text in UTF-8", e);
        } catch (IOException e) {
            throw FarmException.usage("cannot read the " + kind.name() + " " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Looks at the keys alone, before any value: Jackson would tell of them last, and with the place where the mapping
     * ends.
     */
    private static void refuseUnknownKeys(Path file, String text, Class<?> type) throws IOException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                refuseUnknownKeys(file, parser, type);
            }
        }
    }

    private static void refuseUnknownKeys(Path file, JsonParser parser, Class<?> type) throws IOException {
        Map<String, Class<?>> known = new TreeMap<>();
        for (Class<?> one : type.isSealed() ? type.getPermittedSubclasses() : new Class<?>[] {type}) {
            for (RecordComponent component : one.getRecordComponents()) {
                known.put(component.getName(), itemType(component));
            }
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            if (!known.containsKey(key)) {
                throw FarmException.usage(place(file, parser.currentTokenLocation()) + "unknown key '" + key + "'"
                        + suggestion(key, known.keySet()));
            }
            JsonToken value = parser.nextToken();
            Class<?> mapping = known.get(key);
            if (value == JsonToken.START_ARRAY && isMapping(mapping)) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    refuseUnknownKeys(file, parser, mapping);
                }
                skipToEndOfList(parser);
            } else if (value == JsonToken.START_OBJECT && isMapping(mapping)) {
                refuseUnknownKeys(file, parser, mapping);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** A record, or one of several, each with keys of its own. */
    private static boolean isMapping(Class<?> type) {
        return type.isRecord() || type.isSealed();
    }

    /** Of a list the type of what is in it, else the component's own. */
    private static Class<?> itemType(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType list
                        && Collection.class.isAssignableFrom(component.getType())
                        && list.getActualTypeArguments()[0] instanceof Class<?> item
                ? item
                : component.getType();
    }

    /** After a list item that is no mapping, whose kind is told of later. */
    private static void skipToEndOfList(JsonParser parser) throws IOException {
        for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            parser.skipChildren();
        }
    }

    private static String place(Path file, JsonLocation location) {
        return location == null || location.getLineNr() < 1 ? file + ": " : file + ":" + location.getLineNr() + ": ";
    }

    private static String explain(JacksonException error, Kind kind) {
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
            return (path.isEmpty() ? "the " + kind.name() : "'" + path + "'") + " must be "
                    + kind(mismatch.getTargetType());
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
        if (Map.class.isAssignableFrom(type) || isMapping(type)) {
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
