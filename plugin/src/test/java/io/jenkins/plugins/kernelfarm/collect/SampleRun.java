package io.jenkins.plugins.kernelfarm.collect;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.KernelId;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** A run's folder as the farm leaves it, without a kernel. */
public final class SampleRun {
    public static final String IMAGE = "b1".repeat(32);

    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SampleRun() {}

    /** The name of a run that begins at {@code at}; {@code tail} is hexadecimal. */
    public static String id(Instant at, String tail) {
        return ID.format(at) + "-" + tail;
    }

    public static CellResult cell(Mode mode, String hypervisor, String machine, Verdict verdict) {
        Cell cell = new Cell(mode, hypervisor, "bios", machine, true);
        String console = verdict == Verdict.MISS ? "" : "consoles/" + cell.id() + ".log";
        List<CheckResult> checks = verdict == Verdict.MISS
                ? List.of()
                : List.of(new CheckResult(
                        "boot",
                        verdict,
                        12.5,
                        verdict == Verdict.PASS ? "" : "the kernel panicked",
                        List.of(new Evidence(2, "Linux version"))));
        return new CellResult(
                cell,
                verdict,
                false,
                verdict == Verdict.PASS ? "" : "the kernel panicked",
                verdict == Verdict.MISS ? 0 : 20,
                IMAGE,
                console,
                checks,
                verdict == Verdict.MISS
                        ? List.of()
                        : List.of(new Attempt(
                                Attempt.SUBJECT,
                                "",
                                verdict,
                                20,
                                verdict == Verdict.PASS ? "" : "the kernel panicked",
                                "DONE",
                                console,
                                checks)));
    }

    public static MatrixResult matrix(CellResult... cells) {
        return matrix("6.1.192-farm1", cells);
    }

    public static MatrixResult matrix(String release, CellResult... cells) {
        return new MatrixResult(
                new KernelId(release, IMAGE, "debian:linux-source-6.1=6.1.192-2"),
                "",
                "QEMU emulator version 7.2.22",
                Instant.parse("2026-01-31T12:05:00Z"),
                90,
                List.of(cells));
    }

    /** Writes the run called {@code id}, with two packages and a console for each cell, into {@code runs}. */
    public static Path write(Path runs, String id, MatrixResult matrix) throws IOException {
        Path run = withoutMatrix(runs, id, "done", matrix.verdict());
        MatrixJson.write(matrix, Files.createDirectories(run.resolve("boot")).resolve(MatrixJson.FILE_NAME));
        for (CellResult cell : matrix.cells()) {
            if (!cell.console().isEmpty() && !cell.console().contains("..")) {
                Path console = run.resolve("boot").resolve(cell.console());
                Files.createDirectories(console.getParent());
                Files.writeString(
                        console,
                        "[    0.000000] Booting on " + cell.cell().machine() + "\n[    0.100000] Linux version "
                                + matrix.kernel().release() + "\n<script>alert(1)</script>\u001b[31m\n");
            }
        }
        return run;
    }

    /** A run that did not come as far as its matrix. */
    public static Path withoutMatrix(Path runs, String id, String state, Verdict verdict) throws IOException {
        Path run = Files.createDirectories(runs.resolve(id));
        for (String folder : List.of("build", "config", "packages", "source")) {
            Files.createDirectories(run.resolve(folder));
        }
        Files.writeString(run.resolve("run.json"), """
                {"version":1, "id":"%s", "state":"%s", "verdict":"%s", "started":"%s", "seconds":100.5,
                 "spec":{"channel":"testing"},
                 "stages":[{"stage":"compile", "verdict":"PASS", "seconds":80.5, "summary":"", "reason":""},
                           {"stage":"boot", "verdict":"%s", "seconds":20.0, "summary":"", "reason":"%s"}]}
                """.formatted(
                        id,
                        state,
                        verdict,
                        KeptLayout.began(id),
                        verdict,
                        verdict == Verdict.PASS ? "" : "it did not come to it"));
        Files.writeString(run.resolve("build/build.json"), """
                {"inputs":"aa", "release":"6.1.192-farm1", "arch":"x86_64", "source":"debian:linux-source-6.1=6.1.192-2",
                 "sourceVersion":"6.1.192-2", "profile":"quick", "compiler":"gcc 12.2.0", "linker":"ld 2.40",
                 "timestamp":"2026-01-01T00:00:00Z", "seconds":80.5, "imageSha256":"%s"}
                """.formatted(IMAGE));
        Files.writeString(run.resolve("build/vmlinuz"), "an image");
        Files.writeString(run.resolve("config/config"), "CONFIG_XEN=y\nCONFIG_HZ=250\n# CONFIG_SMP is not set\n");
        Files.writeString(run.resolve("config/origins.json"), """
                {"XEN":{"option":"XEN","value":"y","wishes":[{"option":"XEN","value":"y","fragment":"xen-guest","line":3}]},
                 "SMP":{"option":"SMP","value":"n","wishes":[{"option":"SMP","value":"y","fragment":"spec","line":0}]}}
                """);
        Files.writeString(run.resolve("packages/linux-image-6.1.192-farm1_6.1.192-2_amd64.deb"), "a deb");
        Files.writeString(run.resolve("packages/kernel-core-6.1.192_farm1-2.x86_64.rpm"), "an rpm");
        return run;
    }
}
