package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.dashboard.AccessibilityTree.Node;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages as a screen reader is given them, on a desk and on a phone, where tables look like lists. */
class ScreenReaderBrowserTest extends InBrowser {

    @Test
    void everyPageHasItsLandmarksItsHeadingsAndTablesThatAreTables() throws IOException {
        write(Samples.troubled(), Samples.allPass());
        String cell = "pvhvm-xen-4.17-bios-qemu";
        for (Path page : List.of(
                layout.home(),
                layout.run("run-1"),
                layout.cell("run-1", cell),
                layout.console("run-1", "consoles/" + cell + ".log"),
                layout.history(),
                layout.compare())) {
            for (int width : new int[] {1280, 390}) {
                browser.size(width, 900).open(page);
                browser.awaitTrue("document.readyState === 'complete'");
                assertThat(page).exists();
                speaks(page.getFileName() + " at " + width);
            }
        }
    }

    private static void speaks(String page) {
        AccessibilityTree tree = AccessibilityTree.of(browser);
        assertThat(tree.landmarks())
                .as(page)
                .extracting(Node::role)
                .contains("banner", "navigation", "main")
                .containsOnlyOnce("main");
        assertThat(tree.all("navigation"))
                .as(page)
                .extracting(Node::name)
                .doesNotContain("")
                .doesNotHaveDuplicates();
        assertThat(tree.all("heading").get(0).level()).as(page).isEqualTo(1);
        assertThat(tree.headingsOutOfOrder()).as(page).isEmpty();
        for (Node table : tree.all("table")) {
            assertThat(table.name()).as("name of a table of " + page).isNotEmpty();
            assertThat(tree.within(table).map(Node::role))
                    .as(page + ": " + table.name())
                    .contains("row", "columnheader", "rowheader");
        }
    }

    @Test
    void aCellOfTheMatrixSaysItsModeItsHypervisorAndItsVerdict() throws IOException {
        write(Samples.troubled());
        browser.open(layout.home());
        AccessibilityTree tree = AccessibilityTree.of(browser);
        assertThat(tree.all("table"))
                .extracting(Node::name)
                .containsExactly("Boot matrix of 6.1.190-farm2", "All runs");
        assertThat(tree.within(tree.all("table").get(0))
                        .filter(node -> node.role().equals("link")))
                .extracting(Node::name)
                .containsExactly(
                        "metal: PASS 6.2 s",
                        "metal by UEFI: SKIP optional",
                        "dom0-pv on Xen 4.17: PASS 13.9 s",
                        "pv on Xen 4.17: PASS flaky 10.1 s",
                        "pvh on Xen 4.17: MISS",
                        "hvm on Xen 4.17: ERROR 7.3 s",
                        "pvhvm on Xen 4.17: FAIL 44.2 s");
        assertThat(tree.within(tree.all("table").get(1))
                        .filter(node -> node.role().equals("link")))
                .extracting(Node::name)
                .contains("pv on Xen 4.17: PASS, flaky", "pvhvm on Xen 4.17: FAIL");
        browser.open(layout.history());
        tree = AccessibilityTree.of(browser);
        assertThat(tree.within(tree.all("table").get(0))
                        .filter(node -> node.role().equals("link")))
                .extracting(Node::description)
                .contains("6.1.190-farm2, pvhvm on Xen 4.17: FAIL");
    }

    @Test
    void whatChangesByItselfIsSpoken() throws IOException {
        new LiveRun("r2", LiveRun.State.RUNNING, Instant.now(), List.of(), List.of()).write(layout);
        new Dashboard(layout)
                .update(List.of(new RunSource("r2", "f", () -> Samples.run("r2", out, Samples.allPass()))));
        browser.open(layout.home());
        assertThat(AccessibilityTree.of(browser).live()).extracting(Node::role).containsExactly("status");

        write(Samples.oneFails());
        browser.open(layout.run("run-1"));
        assertThat(AccessibilityTree.of(browser).live())
                .as("what was copied, twice, and how many options are shown")
                .extracting(Node::role)
                .containsExactly("status", "status", "status");
        browser.open(layout.cell("run-1", "pvhvm-xen-4.17-bios-qemu"));
        browser.await(".lines.live .row");
        assertThat(AccessibilityTree.of(browser).live())
                .as("what a search found")
                .extracting(Node::role)
                .containsExactly("status");
    }
}
