package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.provenance.ProvenanceLayout;
import io.kernelfarm.bootmatrix.report.CellJournal;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.KcidbJson;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.nio.file.Path;

/**
 * The paths in one run's folder. Nothing else knows them. Each stage writes only into its own folder.
 *
 * <pre>
 * run.json     spec, stages and verdict, see {@link RunRecord}
 * source/      what the source was unpacked from
 * config/      the resolved configuration
 * build/       image, symbols, modules and log, see {@link BuildLayout}
 * reproduce/   the first file in which a second build differed; only if one did
 * packages/    the .deb and the .rpm
 * publish/     where in the repositories the packages lie
 * provenance/  where they come from, signed, see {@link ProvenanceLayout}
 * boot/        cells.jsonl, matrix.json, junit.xml, kcidb.json, consoles/
 * </pre>
 */
public record RunLayout(Path root) {

    public RunLayout {
        root = root.toAbsolutePath().normalize();
    }

    public String id() {
        return root.getFileName().toString();
    }

    public Path record() {
        return root.resolve("run.json");
    }

    /** What the source was unpacked from. */
    public Path source() {
        return root.resolve("source").resolve("source.json");
    }

    Path config() {
        return root.resolve("config");
    }

    /** The resolved {@code .config}; its name has no leading dot, so that people see it. */
    public Path dotConfig() {
        return config().resolve("config");
    }

    /** For each option that somebody wished for: who, and what it got. */
    Path origins() {
        return config().resolve("origins.json");
    }

    /** Both sides of the file in which two builds differ: {@code first/}, {@code second/}. */
    Path reproduce() {
        return root.resolve("reproduce");
    }

    public BuildLayout build() {
        return new BuildLayout(root.resolve("build"));
    }

    public Path packages() {
        return root.resolve("packages");
    }

    /** Where in the repositories the run's packages lie. */
    public Path publication() {
        return root.resolve("publish").resolve("published.json");
    }

    public ProvenanceLayout provenance() {
        return new ProvenanceLayout(root.resolve("provenance"));
    }

    /** The boot stage's folder; {@code matrix.json} speaks of consoles relative to it. */
    public Path boot() {
        return root.resolve("boot");
    }

    /** What the control kernel printed when it was seen whether the bare machine called {@code machine} is well. */
    Path health(String machine) {
        return boot().resolve("health").resolve(machine);
    }

    /** What the kernels printed. */
    public Path consoles() {
        return boot().resolve("consoles");
    }

    /** The finished cells, as they come; there once the cells of the run have begun to boot. */
    public Path cells() {
        return boot().resolve(CellJournal.FILE_NAME);
    }

    public Path matrix() {
        return boot().resolve(MatrixJson.FILE_NAME);
    }

    public Path junit() {
        return boot().resolve(JunitXml.FILE_NAME);
    }

    /** The matrix as a report to KCIDB. */
    public Path kcidb() {
        return boot().resolve(KcidbJson.FILE_NAME);
    }
}
