package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Tests that look at pages in a real browser, from the disk. Pictures stay in {@code target/screenshots}. */
@Tag("real")
abstract class InBrowser {

    static final Path SCREENSHOTS = Path.of("target/screenshots");

    static Browser browser;

    @TempDir
    Path out;

    DashboardLayout layout;

    @BeforeAll
    static void start() {
        browser = new Browser();
    }

    @AfterAll
    static void quit() {
        browser.close();
    }

    @BeforeEach
    final void layOut() {
        layout = new DashboardLayout(out.resolve("dashboard"));
        browser.size(1280, 900).dark(false).complaints();
    }

    /** Writes the pages of a run for each result, {@code run-1} the first. */
    final List<DashboardRun> write(MatrixResult... results) throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (MatrixResult result : results) {
            runs.add(Samples.run("run-" + (runs.size() + 1), out, result));
        }
        new Dashboard(layout).write(runs);
        return runs;
    }

    /** That nothing is wrong with the page that is open, on a desk, in the dark and on a phone. */
    static void looksRight(String name) throws IOException {
        assertThat(browser.look(SCREENSHOTS, name)).as(name).isEmpty();
    }
}
