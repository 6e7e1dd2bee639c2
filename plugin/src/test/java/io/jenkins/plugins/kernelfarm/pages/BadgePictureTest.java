package io.jenkins.plugins.kernelfarm.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class BadgePictureTest {
    private static RunSummary run(Verdict... verdicts) {
        List<RunSummary.CellSummary> cells = Arrays.stream(verdicts)
                .map(verdict ->
                        new RunSummary.CellSummary(Mode.PV, "xen-4.17", "bios", "qemu", true, verdict, false, 1, 1))
                .toList();
        return new RunSummary(
                "",
                "20260131T120000Z-3fa9c1",
                "<script>alert(1)</script>",
                "<b>",
                Instant.EPOCH,
                1,
                List.of(),
                Verdict.worst(Arrays.asList(verdicts)),
                "",
                cells,
                List.of());
    }

    @Test
    void saysTheWorstVerdictAndHowOften() {
        assertThat(BadgePicture.of(List.of(run(Verdict.PASS, Verdict.PASS))).words())
                .isEqualTo("PASS 2 of 2");
        assertThat(BadgePicture.of(List.of(run(Verdict.PASS, Verdict.FAIL), run(Verdict.FAIL, Verdict.ERROR)))
                        .words())
                .isEqualTo("FAIL 2 of 4");
        assertThat(BadgePicture.of(List.of()).words()).isEqualTo("no run");
    }

    @Test
    void isSvgWithoutAnythingThatAKernelSaid() throws Exception {
        String svg = BadgePicture.of(List.of(run(Verdict.ERROR))).svg();

        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(svg).contains("ERROR 1 of 1").doesNotContain("script");
    }
}
