package io.jenkins.plugins.kernelfarm.collect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads what is kept of a run as what the dashboard shows. An agent wrote it: whatever is missing or of another kind is taken for not
 * known, and only a {@code run.json} without an id and a time, and a {@code matrix.json} that is none, are refused.
 */
public final class KeptRun {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final KeptLayout layout;
    private final String id;
    private final Path root;
    private final JsonNode record;

    /**
     * Opens what is kept of the run called {@code id}.
     *
     * @throws IOException in one sentence, if it has no {@code run.json} or one of another run
     */
    public KeptRun(KeptLayout layout, String id) throws IOException {
        this(layout, id, layout.run(id));
    }

    /** The same, of a run whose folder is not in its place yet. */
    KeptRun(KeptLayout layout, String id, Path root) throws IOException {
        this.layout = layout;
        this.id = id;
        this.root = root;
        this.record = tree(root.resolve("run.json"));
        if (!text(record, "id").equals(id)) {
            throw new IOException(
                    "run.json of run " + id + " names another run; collect the folder that the farm made");
        }
    }

    /** When the run began. */
    public Instant started() throws IOException {
        try {
            return Instant.parse(text(record, "started"));
        } catch (DateTimeException e) {
            throw new IOException("run.json of run " + id + " does not say when the run began; run it again", e);
        }
    }

    /** The worst of what its stages and its cells came to; at best MISS for a run that came neither to a matrix nor to an end. */
    public Verdict verdict() throws IOException {
        List<Verdict> verdicts = new ArrayList<>();
        Optional<MatrixResult> matrix = matrix();
        matrix.map(MatrixResult::verdict).ifPresent(verdicts::add);
        if (matrix.isEmpty() && !text(record, "state").equals("done")) {
            verdicts.add(Verdict.MISS);
        }
        Arrays.stream(Verdict.values())
                .filter(verdict -> verdict.name().equals(text(record, "verdict")))
                .forEach(verdicts::add);
        return Verdict.worst(verdicts);
    }

    /** What became of its matrix, if it came as far. */
    public Optional<MatrixResult> matrix() throws IOException {
        Path file = root.resolve("boot").resolve(MatrixJson.FILE_NAME);
        return Files.isRegularFile(file) ? Optional.of(MatrixJson.read(file)) : Optional.empty();
    }

    /** The digest of the image that it built; empty if it came not as far. */
    public String image() throws IOException {
        Path file = root.resolve("build").resolve("build.json");
        return Files.isRegularFile(file) ? text(tree(file), "imageSha256") : "";
    }

    /** All that pages show of it but for what the repositories know. */
    public DashboardRun read() throws IOException {
        return read(List.of(), List.of(), List.of());
    }

    /** All that pages show of it, with what the repositories know. */
    public DashboardRun read(
            List<String> channels, List<DashboardRun.Snippet> install, List<DashboardRun.Promotion> promotions)
            throws IOException {
        Optional<MatrixResult> matrix = matrix();
        return new DashboardRun(
                id,
                root.resolve("boot"),
                started(),
                matrix,
                matrix.isPresent() ? "" : note(),
                packages(),
                install,
                stages(),
                provenance(),
                channels,
                promotions,
                build());
    }

    /** Why there is no matrix. */
    private String note() {
        if (text(record, "state").equals("interrupted")) {
            return "The run was interrupted.";
        }
        for (JsonNode stage : record.path("stages")) {
            if (!text(stage, "reason").isEmpty()) {
                return text(stage, "stage") + ": " + text(stage, "reason");
            }
        }
        return "";
    }

    private List<DashboardRun.StageTime> stages() {
        List<DashboardRun.StageTime> stages = new ArrayList<>();
        for (JsonNode stage : record.path("stages")) {
            stages.add(new DashboardRun.StageTime(text(stage, "stage"), seconds(stage)));
        }
        return stages;
    }

    private List<DashboardRun.PackageFile> packages() throws IOException {
        return KeptPackage.read(root.resolve(KeptLayout.PACKAGES)).stream()
                .map(one -> new DashboardRun.PackageFile(
                        layout.packageFile(id, one.name()), one.size(), one.sha256(), Optional.empty()))
                .toList();
    }

    private Optional<DashboardRun.Provenance> provenance() throws IOException {
        Path statement = root.resolve("provenance").resolve("provenance.intoto.jsonl");
        if (!Files.isRegularFile(statement)) {
            return Optional.empty();
        }
        JsonNode envelope = tree(statement);
        JsonNode predicate = payload(envelope).path("predicate");
        JsonNode builder = predicate.path("runDetails").path("builder");
        JsonNode source = dependency(predicate, "source");
        return Optional.of(new DashboardRun.Provenance(
                text(source, "uri"),
                text(source.path("digest"), "sha256"),
                text(dependency(predicate, "configuration").path("digest"), "sha256"),
                (text(builder, "id") + " " + text(builder.path("version"), "kernel-farm")).strip(),
                text(envelope.path("signatures").path(0), "keyid"),
                Stream.of("provenance.intoto.jsonl", "sbom.cdx.json", "sbom.cdx.json.asc")
                        .map(statement::resolveSibling)
                        .filter(Files::isRegularFile)
                        .toList()));
    }

    private static JsonNode payload(JsonNode envelope) {
        try {
            return MAPPER.readTree(Base64.getDecoder().decode(text(envelope, "payload")));
        } catch (IOException | IllegalArgumentException e) {
            return MAPPER.missingNode();
        }
    }

    private static JsonNode dependency(JsonNode predicate, String name) {
        for (JsonNode one : predicate.path("buildDefinition").path("resolvedDependencies")) {
            if (text(one, "name").equals(name)) {
                return one;
            }
        }
        return MAPPER.missingNode();
    }

    private Optional<DashboardRun.Build> build() throws IOException {
        Path file = root.resolve("build").resolve("build.json");
        Path config = root.resolve("config").resolve("config");
        if (!Files.isRegularFile(file) || !Files.isRegularFile(config)) {
            return Optional.empty();
        }
        JsonNode build = tree(file);
        return Optional.of(new DashboardRun.Build(
                text(build, "release"),
                text(build, "source"),
                text(build, "profile"),
                text(build, "compiler"),
                text(build, "linker"),
                seconds(build),
                count(build, "cacheHits"),
                count(build, "cacheMisses"),
                config,
                () -> options(config)));
    }

    /** The options that are set, and those that somebody asked for, with who asked. */
    private static List<DashboardRun.Option> options(Path config) throws IOException {
        Map<String, String> values = new TreeMap<>();
        try (Stream<String> lines = Files.lines(config)) {
            lines.filter(line -> line.startsWith("CONFIG_") && line.contains("="))
                    .forEach(line -> values.put(
                            line.substring("CONFIG_".length(), line.indexOf('=')),
                            line.substring(line.indexOf('=') + 1)));
        } catch (UncheckedIOException e) {
            throw new IOException(config.getFileName() + " is not text", e);
        }
        Map<String, String> why = new TreeMap<>();
        Path origins = config.resolveSibling("origins.json");
        if (Files.isRegularFile(origins)) {
            tree(origins).properties().forEach(one -> {
                values.putIfAbsent(one.getKey(), "n");
                why.put(one.getKey(), why(one.getValue()));
            });
        }
        List<DashboardRun.Option> options = new ArrayList<>();
        values.forEach((name, value) -> options.add(new DashboardRun.Option(name, value, why.getOrDefault(name, ""))));
        return options;
    }

    /** Who asked for an option: the last wish counts. */
    private static String why(JsonNode origin) {
        JsonNode wishes = origin.path("wishes");
        JsonNode wish = wishes.path(wishes.size() - 1);
        String fragment = text(wish, "fragment");
        int line = wish.path("line").asInt();
        String asker = fragment.equals("spec") ? "the spec" : line > 0 ? fragment + ".config:" + line : fragment;
        String wanted = text(wish, "value");
        return asker + " asks for " + (wanted.equals(text(origin, "value")) ? "it" : wanted);
    }

    private static double seconds(JsonNode node) {
        double seconds = node.path("seconds").asDouble();
        return Double.isFinite(seconds) && seconds > 0 ? seconds : 0;
    }

    private static int count(JsonNode node, String name) {
        return Math.max(0, node.path(name).asInt());
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    private static JsonNode tree(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file.getFileName() + " is not JSON (" + e.getOriginalMessage()
                            + "); run the farm again to have it written anew",
                    e);
        }
    }
}
