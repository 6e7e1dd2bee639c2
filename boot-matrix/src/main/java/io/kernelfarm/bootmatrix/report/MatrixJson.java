package io.kernelfarm.bootmatrix.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * {@code matrix.json}: a {@link MatrixResult} written down. The format is {@code matrix.schema.json} beside this class:
 * the version first, names in snake_case, a cell's five coordinates among its results, every field always there, seconds
 * rounded to tenths. The same result gives the same bytes.
 */
public final class MatrixJson {

    public static final String FILE_NAME = "matrix.json";

    /** The name, beside this class, of the JSON schema (draft 2020-12) that {@code matrix.json} keeps to. */
    public static final String SCHEMA = "matrix.schema.json";

    private static final JsonMapper MAPPER = new JsonMapper();

    private MatrixJson() {}

    /** The text of {@code matrix.json}, ending in a line feed. */
    public static String toJson(MatrixResult result) {
        return PrettyJson.text(toTree(result));
    }

    /** Writes {@code matrix.json} as {@code file}, whole or not at all. */
    public static void write(MatrixResult result, Path file) throws IOException {
        AtomicFile.write(file.toAbsolutePath(), toJson(result));
    }

    /**
     * Reads what {@link #write} wrote. Fields that the format does not know are passed over.
     *
     * @throws IOException in one sentence that names the file, and the place in it, if it is not there or is not a
     *     {@code matrix.json} of a version known here
     */
    public static MatrixResult read(Path file) throws IOException {
        try {
            return toResult(MAPPER.readTree(Files.readAllBytes(file)), file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no " + file + " yet; boot the matrix first", e);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " is not JSON (" + place(e) + e.getOriginalMessage()
                            + "); boot the matrix again to have it written anew",
                    e);
        } catch (BadField e) {
            throw new IOException(
                    file + " is not a matrix: " + e.getMessage() + "; boot the matrix again to have it written anew",
                    e);
        }
    }

    /** Where it is wrong; what is nested too deeply is so nowhere in particular. */
    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
    }

    private static ObjectNode toTree(MatrixResult result) {
        ObjectNode tree = MAPPER.createObjectNode();
        tree.put("version", MatrixResult.FORMAT_VERSION);
        tree.putObject("kernel")
                .put("release", result.kernel().release())
                .put("image_sha256", result.kernel().imageSha256())
                .put("source", result.kernel().source());
        tree.put("control", result.control());
        tree.put("emulator", result.emulator());
        tree.put("started", result.started().toString());
        tree.put("seconds", tenths(result.seconds()));
        ArrayNode cells = tree.putArray("cells");
        result.cells().forEach(cell -> putCell(cells.addObject(), cell));
        return tree;
    }

    /** {@code result} as it stands in {@code cells}. */
    static ObjectNode cell(CellResult result) {
        ObjectNode node = MAPPER.createObjectNode();
        putCell(node, result);
        return node;
    }

    /**
     * Reads what {@link #cell} wrote.
     *
     * @throws IOException in a few words that name the field, if it is no such cell
     */
    static CellResult toCell(JsonNode node) throws IOException {
        try {
            return toCell(new Fields(node, "cell"));
        } catch (BadField e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void putCell(ObjectNode node, CellResult result) {
        Cell cell = result.cell();
        node.put("mode", cell.mode().id())
                .put("hypervisor", cell.hypervisor())
                .put("firmware", cell.firmware())
                .put("machine", cell.machine())
                .put("required", cell.required())
                .put("verdict", result.verdict().name())
                .put("flaky", result.flaky())
                .put("reason", result.reason())
                .put("seconds", tenths(result.seconds()))
                .put("image_sha256", result.imageSha256())
                .put("console", result.console());
        putChecks(node, result.checks());
        ArrayNode attempts = node.putArray("attempts");
        for (Attempt attempt : result.attempts()) {
            ObjectNode item = attempts.addObject();
            item.put("kernel", attempt.kernel())
                    .put("dom0", attempt.dom0())
                    .put("verdict", attempt.verdict().name())
                    .put("seconds", tenths(attempt.seconds()))
                    .put("reason", attempt.reason())
                    .put("last_state", attempt.lastState())
                    .put("console", attempt.console());
            putChecks(item, attempt.checks());
        }
    }

    private static void putChecks(ObjectNode node, List<CheckResult> checks) {
        ArrayNode list = node.putArray("checks");
        for (CheckResult check : checks) {
            ObjectNode item = list.addObject();
            item.put("name", check.name())
                    .put("verdict", check.verdict().name())
                    .put("seconds", tenths(check.seconds()))
                    .put("reason", check.reason());
            ArrayNode evidence = item.putArray("evidence");
            check.evidence()
                    .forEach(line ->
                            evidence.addObject().put("line", line.line()).put("text", line.text()));
        }
    }

    private static BigDecimal tenths(double seconds) {
        return BigDecimal.valueOf(seconds).setScale(1, RoundingMode.HALF_UP);
    }

    private static MatrixResult toResult(JsonNode tree, Path file) throws IOException {
        Fields matrix = new Fields(tree, "");
        int version = matrix.integer("version");
        if (version != MatrixResult.FORMAT_VERSION) {
            throw new IOException(file + " is of format version " + version + ", and this Kernel Farm reads version "
                    + MatrixResult.FORMAT_VERSION
                    + ": read it with the Kernel Farm that wrote it, or boot the matrix again");
        }
        Fields kernel = matrix.object("kernel");
        return new MatrixResult(
                new KernelId(kernel.text("release"), kernel.text("image_sha256"), kernel.text("source")),
                matrix.text("control"),
                matrix.text("emulator"),
                matrix.instant("started"),
                matrix.number("seconds"),
                matrix.list("cells", MatrixJson::toCell));
    }

    private static CellResult toCell(Fields cell) {
        return new CellResult(
                new Cell(
                        cell.mode("mode"),
                        cell.text("hypervisor"),
                        cell.text("firmware"),
                        cell.text("machine"),
                        cell.flag("required")),
                cell.verdict("verdict"),
                cell.flag("flaky"),
                cell.text("reason"),
                cell.number("seconds"),
                cell.text("image_sha256"),
                cell.text("console"),
                cell.list("checks", MatrixJson::toCheck),
                cell.list("attempts", MatrixJson::toAttempt));
    }

    private static Attempt toAttempt(Fields attempt) {
        return new Attempt(
                attempt.text("kernel"),
                attempt.text("dom0"),
                attempt.verdict("verdict"),
                attempt.number("seconds"),
                attempt.text("reason"),
                attempt.text("last_state"),
                attempt.text("console"),
                attempt.list("checks", MatrixJson::toCheck));
    }

    private static CheckResult toCheck(Fields check) {
        return new CheckResult(
                check.text("name"),
                check.verdict("verdict"),
                check.number("seconds"),
                check.text("reason"),
                check.list("evidence", line -> new Evidence(line.integer("line"), line.text("text"))));
    }

    /** A field that is missing or of the wrong kind. */
    private static final class BadField extends RuntimeException {
        BadField(String message) {
            super(message);
        }
    }

    /** The fields of one JSON object; {@code place} is where it stands in the file, for messages. */
    private record Fields(JsonNode node, String place) {

        Fields {
            if (!node.isObject()) {
                throw new BadField((place.isEmpty() ? "the file" : place) + " is not an object");
            }
        }

        String text(String name) {
            return get(name, JsonNode::isTextual, "a string").textValue();
        }

        boolean flag(String name) {
            return get(name, JsonNode::isBoolean, "true or false").booleanValue();
        }

        double number(String name) {
            return get(name, JsonNode::isNumber, "a number").doubleValue();
        }

        int integer(String name) {
            return get(name, value -> value.isIntegralNumber() && value.canConvertToInt(), "a whole number")
                    .intValue();
        }

        Instant instant(String name) {
            return parsed(name, Instant::parse, "a time such as 2026-01-31T12:00:00Z");
        }

        Mode mode(String name) {
            return parsed(name, Mode::of, "a mode");
        }

        Verdict verdict(String name) {
            return parsed(name, Verdict::valueOf, "a verdict");
        }

        Fields object(String name) {
            return new Fields(get(name, JsonNode::isObject, "an object"), path(name));
        }

        <T> List<T> list(String name, Function<Fields, T> item) {
            JsonNode array = get(name, JsonNode::isArray, "a list");
            List<T> items = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                items.add(item.apply(new Fields(array.get(i), path(name) + "[" + i + "]")));
            }
            return items;
        }

        private <T> T parsed(String name, Function<String, T> parser, String kind) {
            String value = text(name);
            try {
                return parser.apply(value);
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new BadField(path(name) + " is '" + value + "', not " + kind);
            }
        }

        private JsonNode get(String name, Predicate<JsonNode> is, String kind) {
            JsonNode value = node.get(name);
            if (value == null) {
                throw new BadField(path(name) + " is missing");
            }
            if (!is.test(value)) {
                throw new BadField(path(name) + " is not " + kind);
            }
            return value;
        }

        private String path(String name) {
            return place.isEmpty() ? name : place + "." + name;
        }
    }
}
