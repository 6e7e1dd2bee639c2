package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootState;
import io.kernelfarm.pipelines.RunEvent;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.RunRecord;
import io.kernelfarm.pipelines.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class EventLinesTest {

    private static final Instant AT = Instant.parse("2026-11-22T18:04:05.123456Z");
    private static final RunLayout RUN = new RunLayout(Path.of("/farm/out/runs/20261122T180405Z-3fa9c1"));
    private static final Cell PV = new Cell(Mode.PV, "xen-4.17", "bios", "qemu", true);
    private static final Attempt PANIC = new Attempt(
            Attempt.SUBJECT, "6.1", Verdict.FAIL, 12.34, "it \"crashed\"\n", "KERNEL", "consoles/pv.log", List.of());
    private static final CellResult FAILED = new CellResult(
            PV, Verdict.FAIL, false, "it crashed", 12.34, "", "consoles/pv.2.log", List.of(), List.of(PANIC));
    private static final RunEvent OVER = new RunEvent.RunFinished(
            new RunRecord(1, RUN.id(), RunRecord.State.DONE, Verdict.FAIL, AT, 92.6, null, List.of()), RUN);

    static Stream<RunEvent> events() {
        return Stream.of(
                new RunEvent.RunStarted(RUN.id(), RUN),
                new RunEvent.StageStarted(Stage.BOOT, OptionalDouble.of(45.21)),
                new RunEvent.StageStarted(Stage.BOOT, OptionalDouble.empty()),
                new RunEvent.StageProgress(Stage.COMPILE, 0.5, "812 of 1740 files"),
                new RunEvent.StageProgress(Stage.BOOT, -1, "making dom0's root file system"),
                new RunEvent.StageNote(Stage.SOURCE, "the archive cannot be reached"),
                new RunEvent.StageFinished(
                        new RunRecord.StageRecord(Stage.BOOT, Verdict.FAIL, 45.2, "5 of 6", "pv: x")),
                new RunEvent.MatrixStarted(List.of(PV), List.of(FAILED)),
                new RunEvent.CellReached(PV, 2, BootState.KERNEL),
                new RunEvent.CellAttempted(PV, PANIC),
                new RunEvent.CellFinished(FAILED),
                new RunEvent.RunInterrupted(RUN),
                OVER);
    }

    @ParameterizedTest
    @MethodSource("events")
    void eachEventIsALineThatKeepsToTheSchema(RunEvent event) throws IOException {
        String line = EventLines.line(event, AT);
        assertThat(line).doesNotContain("\n").contains("\"at\":\"2026-11-22T18:04:05.123Z\"");
        assertThat(schema().validate(line, InputFormat.JSON)).as(line).isEmpty();
    }

    @Test
    void everyKindOfEventIsTried() {
        assertThat(events().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(RunEvent.class.getPermittedSubclasses()));
    }

    @Test
    void theSchemaRefusesWhatIsNoEvent() throws IOException {
        String good = EventLines.line(new RunEvent.CellFinished(FAILED), AT);
        for (String bad : List.of(
                good.replace("cell-finished", "cell-polished"),
                good.replace("FAIL", "BAD"),
                good.replace("\"flaky\":false,", ""),
                good.replace("12.3", "\"12.3\""))) {
            assertThat(bad).isNotEqualTo(good);
            assertThat(schema().validate(bad, InputFormat.JSON)).isNotEmpty();
        }
    }

    @Test
    void saysWhatHappenedToACell() {
        assertThat(EventLines.line(new RunEvent.CellFinished(FAILED), AT))
                .isEqualTo("{\"event\":\"cell-finished\",\"at\":\"2026-11-22T18:04:05.123Z\","
                        + "\"cell\":\"pv-xen-4.17-bios-qemu\",\"verdict\":\"FAIL\",\"flaky\":false,\"seconds\":12.3,"
                        + "\"reason\":\"it crashed\",\"console\":\"consoles/pv.2.log\"}");
    }

    @Test
    void whenTheRunIsOverAllLinesAreThereAndInOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventLines lines = new EventLines(out);
        for (int attempt = 1; attempt <= 1000; attempt++) {
            lines.on(new RunEvent.CellReached(PV, attempt, BootState.KERNEL));
        }
        lines.on(OVER);

        List<String> written = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(written).hasSize(1001);
        for (int attempt = 1; attempt <= 1000; attempt++) {
            assertThat(written.get(attempt - 1)).contains("\"attempt\":" + attempt + ",");
        }
    }

    @Test
    void everyLineIsWrittenThroughAtOnce() throws IOException {
        try (PipedInputStream in = new PipedInputStream();
                PipedOutputStream out = new PipedOutputStream(in)) {
            new EventLines(out).on(new RunEvent.CellReached(PV, 1, BootState.KERNEL));
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                line.append((char) c);
            }
            assertThat(line).contains("cell-reached");
        }
    }

    @Test
    void aCompilersProgressIsThinnedOut() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventLines lines = new EventLines(out);
        for (int i = 0; i < 1000; i++) {
            lines.on(new RunEvent.StageProgress(Stage.COMPILE, i / 1000.0, i + " of 1000 files"));
        }
        lines.on(OVER);
        assertThat(out.toString(StandardCharsets.UTF_8).lines().count()).isBetween(2L, 100L);
    }

    @Test
    void aReaderThatGoesAwayIsNotWrittenToAgain() {
        AtomicInteger writes = new AtomicInteger();
        EventLines lines = new EventLines(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                writes.incrementAndGet();
                throw new IOException("Broken pipe");
            }
        });
        for (int i = 0; i < 10; i++) {
            lines.on(new RunEvent.CellReached(PV, 1, BootState.KERNEL));
        }
        lines.on(OVER);
        assertThat(writes).hasValue(1);
    }

    @Test
    void aReaderThatDoesNotReadHoldsNobodyUp() {
        CountDownLatch reads = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventLines lines = new EventLines(new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                out.write(b);
            }
        });
        for (int i = 0; i < 100; i++) {
            lines.on(new RunEvent.CellReached(PV, 1, BootState.KERNEL)); // Would never return.
        }
        reads.countDown();
        lines.on(OVER);
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(101);
    }

    private static Schema schema() throws IOException {
        try (InputStream in = EventLines.class.getResourceAsStream(EventLines.SCHEMA)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
        }
    }
}
