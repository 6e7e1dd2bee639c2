package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Wording;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * {@code run.json}: what the pages of a run show. Links are relative to it; seconds have one decimal; a field is left out where the run
 * did not come that far.
 *
 * <ul>
 *   <li>{@code version} of this format, 1
 *   <li>{@code id}, {@code started}, {@code note} on why there is no matrix, {@code channels} that have the packages
 *   <li>{@code release}, {@code source}, {@code image_sha256}, {@code verdict}, {@code headline} in one sentence, {@code control} kernel,
 *       {@code emulator}, {@code seconds} of the boot stage
 *   <li>{@code cells}: {@code id}, {@code name} for people, {@code mode}, {@code hypervisor}, {@code firmware}, {@code machine}, {@code
 *       required}, {@code verdict}, {@code flaky}, {@code reason}, {@code seconds} of the attempt that decided, {@code boot_seconds} of
 *       them until user space answered, 0 if it did not, {@code page}
 *   <li>{@code boot_times}: {@code mode}, {@code cells} that pass, {@code fastest}, {@code median} and {@code slowest} boot in seconds
 *   <li>{@code packages}: {@code name}, {@code size} in bytes, {@code sha256}, {@code file}, and {@code signature}: {@code where}, {@code
 *       file}, {@code key}
 *   <li>{@code install}: {@code title}, {@code text} to copy
 *   <li>{@code build}: {@code release}, {@code source}, {@code profile}, {@code compiler}, {@code linker}, {@code seconds}, {@code
 *       cache_hits}, {@code cache_misses}
 *   <li>{@code options}: name without {@code CONFIG_} to value, of all that are set and all that somebody asked for; {@code why}: name to
 *       who asked, of the latter
 *   <li>{@code previous}: {@code id} and {@code release} of the kernel before from the same source, and {@code added}, {@code removed} and
 *       {@code changed} options: {@code option}, {@code before}, {@code after}
 *   <li>{@code stages}: {@code stage}, {@code seconds}
 *   <li>{@code provenance}: {@code source}, {@code source_sha256}, {@code configuration_sha256}, {@code builder}, {@code fingerprint},
 *       {@code files}
 *   <li>{@code promotions}: {@code at}, {@code what}, {@code by}, {@code evidence}, {@code matrix_sha256}
 * </ul>
 */
final class RunData {

    private static final JsonMapper MAPPER = new JsonMapper();

    private RunData() {}

    static ObjectNode of(DashboardLayout layout, DashboardRun run, RunConfiguration configuration) {
        Path page = layout.runData(run.id());
        ObjectNode data = MAPPER.createObjectNode();
        data.put("version", 1)
                .put("id", run.id())
                .put("started", run.started().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("note", run.note());
        ArrayNode channels = data.putArray("channels");
        run.channels().forEach(channels::add);
        run.matrix().ifPresent(result -> matrix(data, layout, run.id(), result));
        packages(data, page, run);
        run.build().ifPresent(build -> data.putObject("build")
                .put("release", build.release())
                .put("source", build.source())
                .put("profile", build.profile())
                .put("compiler", build.compiler())
                .put("linker", build.linker())
                .put("seconds", tenths(build.seconds()))
                .put("cache_hits", build.cacheHits())
                .put("cache_misses", build.cacheMisses()));
        options(data, configuration);
        ArrayNode stages = data.putArray("stages");
        run.stages().forEach(one -> stages.addObject().put("stage", one.stage()).put("seconds", tenths(one.seconds())));
        run.provenance().ifPresent(provenance -> provenance(data.putObject("provenance"), page, provenance));
        ArrayNode promotions = data.putArray("promotions");
        run.promotions().forEach(one -> promotions
                .addObject()
                .put("at", one.at().toString())
                .put("what", one.what())
                .put("by", one.by())
                .put("evidence", one.evidence())
                .put("matrix_sha256", one.matrixSha256()));
        return data;
    }

    private static void matrix(ObjectNode data, DashboardLayout layout, String runId, MatrixResult result) {
        data.put("release", result.kernel().release())
                .put("source", result.kernel().source())
                .put("image_sha256", result.kernel().imageSha256())
                .put("verdict", result.verdict().name())
                .put("headline", Wording.headline(result))
                .put("control", result.control())
                .put("emulator", result.emulator())
                .put("seconds", tenths(result.seconds()));
        ArrayNode cells = data.putArray("cells");
        for (CellResult one : result.cells()) {
            ObjectNode cell = cells.addObject()
                    .put("id", one.cell().id())
                    .put("name", Wording.name(one.cell()))
                    .put("mode", one.cell().mode().id())
                    .put("hypervisor", one.cell().hypervisor())
                    .put("firmware", one.cell().firmware())
                    .put("machine", one.cell().machine())
                    .put("required", one.cell().required())
                    .put("verdict", one.verdict().name())
                    .put("flaky", one.flaky())
                    .put("reason", one.reason())
                    .put("seconds", tenths(one.seconds()));
            cell.put("boot_seconds", tenths(RunSummary.CellSummary.of(one).bootSeconds()));
            cell.put(
                    "page",
                    DashboardLayout.link(
                            layout.runData(runId), layout.cell(runId, one.cell().id())));
        }
        ArrayNode times = data.putArray("boot_times");
        for (BootTime time : BootTime.of(result)) {
            times.addObject()
                    .put("mode", time.mode().id())
                    .put("cells", time.cells())
                    .put("fastest", tenths(time.fastest()))
                    .put("median", tenths(time.median()))
                    .put("slowest", tenths(time.slowest()));
        }
    }

    private static void packages(ObjectNode data, Path page, DashboardRun run) {
        ArrayNode packages = data.putArray("packages");
        for (DashboardRun.PackageFile file : run.packages()) {
            ObjectNode node = packages.addObject()
                    .put("name", file.file().getFileName().toString())
                    .put("size", file.size())
                    .put("sha256", file.sha256())
                    .put("file", DashboardLayout.link(page, file.file()));
            file.signature().ifPresent(signature -> node.putObject("signature")
                    .put("where", signature.where())
                    .put("file", DashboardLayout.link(page, signature.file()))
                    .put("key", DashboardLayout.link(page, signature.key())));
        }
        ArrayNode install = data.putArray("install");
        run.install()
                .forEach(one -> install.addObject().put("title", one.title()).put("text", one.text()));
    }

    private static void options(ObjectNode data, RunConfiguration configuration) {
        ObjectNode options = data.putObject("options");
        ObjectNode why = data.putObject("why");
        for (DashboardRun.Option option : configuration.options()) {
            options.put(option.name(), option.value());
            if (!option.why().isEmpty()) {
                why.put(option.name(), option.why());
            }
        }
        configuration.previous().ifPresent(previous -> {
            ObjectNode node =
                    data.putObject("previous").put("id", previous.id()).put("release", previous.release());
            changes(node.putArray("added"), configuration.changes().added());
            changes(node.putArray("removed"), configuration.changes().removed());
            changes(node.putArray("changed"), configuration.changes().changed());
        });
    }

    private static void changes(ArrayNode list, List<OptionChanges.Change> changes) {
        changes.forEach(one -> list.addObject()
                .put("option", one.option())
                .put("before", one.before())
                .put("after", one.after()));
    }

    private static void provenance(ObjectNode node, Path page, DashboardRun.Provenance provenance) {
        node.put("source", provenance.source())
                .put("source_sha256", provenance.sourceSha256())
                .put("configuration_sha256", provenance.configurationSha256())
                .put("builder", provenance.builder())
                .put("fingerprint", provenance.fingerprint());
        ArrayNode files = node.putArray("files");
        provenance.files().forEach(file -> files.add(DashboardLayout.link(page, file)));
    }

    private static BigDecimal tenths(double seconds) {
        return BigDecimal.valueOf(seconds).setScale(1, RoundingMode.HALF_UP);
    }
}
