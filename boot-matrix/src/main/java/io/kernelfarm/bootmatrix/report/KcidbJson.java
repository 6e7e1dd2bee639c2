package io.kernelfarm.bootmatrix.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.MatrixResult;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code kcidb.json}: the matrix as a report to KCIDB, the kernel community's common database of test results, in its I/O
 * schema 5.0 (kernelci/kcidb-io, {@code kcidb_io/schema/v05_00.py}), which all receivers of version 5 take. The part of that
 * schema which is written here is restated in {@code kcidb.schema.json} beside this class.
 *
 * <p>The source is a checkout, the image a build, each cell a test at {@code boot.MODE} and each of its checks one at
 * {@code boot.MODE.CHECK}. Verdicts are KCIDB's already. Objects are named so that the same source and the same image are
 * the same checkout and build in whatever run they come. {@code misc} has what KCIDB knows no field for. Nothing here refers
 * to a log by URL, for the farm does not know of one: {@code log_excerpt} has the lines that the verdict rests on.
 */
public final class KcidbJson {

    public static final String FILE_NAME = "kcidb.json";

    /** The name, beside this class, of the JSON schema (draft 2020-12) of what is written here. */
    public static final String SCHEMA = "kcidb.schema.json";

    /** Who reports. An origin consists of {@code a-z 0-9 _}. */
    static final String ORIGIN = "kernel_farm";

    /** KCIDB's limit, in characters. */
    private static final int EXCERPT_CHARACTERS = 16_384;

    /**
     * What a report says beyond the matrix.
     *
     * @param run the run's id, unique among all runs
     * @param architecture the kernel's {@code ARCH}
     * @param compiler its name and version
     * @param configuration a name for it, for example that of the profile
     * @param seconds that compiling took
     */
    public record Origin(String run, String architecture, String compiler, String configuration, double seconds) {}

    private KcidbJson() {}

    /** The text of {@code kcidb.json}, ending in a line feed. */
    public static String toJson(MatrixResult result, Origin origin) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.putObject("version").put("major", 5).put("minor", 0);
        ObjectNode checkout =
                object(tree.putArray("checkouts"), id(result.kernel().source()));
        checkout.put("comment", plain(result.kernel().source())).put("valid", true);
        ObjectNode build = object(tree.putArray("builds"), id(result.kernel().imageSha256()));
        build.put("checkout_id", checkout.get("id").textValue())
                .put("comment", plain(result.kernel().release()))
                .put("architecture", origin.architecture())
                .put("compiler", plain(origin.compiler()))
                .put("config_name", plain(origin.configuration()))
                .put("duration", tenths(origin.seconds()))
                .put("status", "PASS");
        build.putObject("misc")
                .put("release", plain(result.kernel().release()))
                .put("image_sha256", result.kernel().imageSha256());
        ArrayNode tests = tree.putArray("tests");
        for (CellResult cell : result.cells()) {
            cell(tests, result, origin, build.get("id").textValue(), cell);
        }
        return PrettyJson.text(tree);
    }

    /** Writes {@code kcidb.json} as {@code file}, whole or not at all. */
    public static void write(MatrixResult result, Origin origin, Path file) throws IOException {
        AtomicFile.write(file.toAbsolutePath(), toJson(result, origin));
    }

    private static void cell(ArrayNode tests, MatrixResult matrix, Origin origin, String build, CellResult result) {
        Cell cell = result.cell();
        String name = origin.run() + ":" + cell.id();
        String path = "boot." + cell.mode().id();
        ObjectNode test = object(tests, id(name));
        test.put("build_id", build)
                .put("path", path)
                .put("status", result.verdict().name())
                .put("comment", plain(Wording.name(cell)));
        environment(test, matrix, cell);
        if (!result.attempts().isEmpty()) {
            // When each boot began is not kept: the matrix's own begin is what all its tests have.
            test.put("start_time", matrix.started().toString()).put("duration", tenths(result.seconds()));
        }
        excerpt(test, result.reason(), result.checks());
        ObjectNode misc = test.putObject("misc");
        misc.put("run", origin.run())
                .put("required", cell.required())
                .put("flaky", result.flaky())
                .put("control", plain(matrix.control()))
                .put("console", result.console());
        ArrayNode attempts = misc.putArray("attempts");
        for (Attempt attempt : result.attempts()) {
            attempts.addObject()
                    .put("kernel", attempt.kernel())
                    .put("dom0", plain(attempt.dom0()))
                    .put("verdict", attempt.verdict().name())
                    .put("seconds", tenths(attempt.seconds()))
                    .put("last_state", plain(attempt.lastState()))
                    .put("reason", plain(attempt.reason()));
        }
        for (CheckResult check : result.checks()) {
            ObjectNode part = object(tests, id(name + ":" + check.name()));
            part.put("build_id", build)
                    .put("path", path + "." + check.name())
                    .put("status", check.verdict().name())
                    .put("comment", plain(check.name() + " in " + Wording.name(cell)));
            environment(part, matrix, cell);
            part.put("start_time", matrix.started().toString()).put("duration", tenths(check.seconds()));
            excerpt(part, check.reason(), List.of(check));
            part.putObject("misc").put("run", origin.run());
        }
    }

    private static void environment(ObjectNode test, MatrixResult matrix, Cell cell) {
        ObjectNode environment = test.putObject("environment");
        environment.put("comment", plain(cell.machine() + ", " + cell.firmware() + ", " + cell.hypervisor()));
        environment
                .putObject("misc")
                .put("platform", cell.machine())
                .put("firmware", cell.firmware())
                .put("hypervisor", cell.hypervisor())
                .put("emulator", plain(matrix.emulator()));
    }

    /** Why the verdict is what it is, and the lines that it rests on; no field if that is nothing. */
    private static void excerpt(ObjectNode test, String reason, List<CheckResult> checks) {
        List<String> lines = new ArrayList<>();
        if (!reason.isEmpty()) {
            lines.add(reason);
        }
        checks.stream()
                .flatMap(check -> check.evidence().stream())
                .map(Evidence::text)
                .distinct()
                .forEach(lines::add);
        if (!lines.isEmpty()) {
            String text = lines.stream().map(KcidbJson::plain).collect(Collectors.joining("\n"));
            int end = text.offsetByCodePoints(0, Math.min(EXCERPT_CHARACTERS, text.codePointCount(0, text.length())));
            test.put("log_excerpt", text.substring(0, end));
        }
    }

    private static ObjectNode object(ArrayNode list, String id) {
        return list.addObject().put("id", id).put("origin", ORIGIN);
    }

    private static String id(String name) {
        return ORIGIN + ":" + plain(name);
    }

    /** KCIDB takes no NUL, and nobody else what a console does to a terminal. */
    private static String plain(String text) {
        return ConsoleText.harmless(text);
    }

    private static BigDecimal tenths(double seconds) {
        return BigDecimal.valueOf(seconds).setScale(1, RoundingMode.HALF_UP);
    }
}
