package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.report.MatrixComparison;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The pages of a kernel, of the history and of two kernels side by side. */
class KernelPagesBrowserTest extends InBrowser {

    @Test
    void copiesAnInstallSnippetByMouseAndByKeyboardAndSaysSo() throws IOException {
        DashboardRun run = write(Samples.allPass()).get(0);
        browser.driver()
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        browser.open(layout.run(run.id()));
        List<WebElement> buttons = browser.all("button.copy");
        assertThat(buttons).hasSize(2);

        buttons.get(0).click();
        browser.awaitTrue("document.querySelector('.copying [role=status]').textContent === 'Copied'");
        assertThat(clipboard()).isEqualTo(run.install().get(0).text());

        buttons.get(1).sendKeys(Keys.ENTER);
        browser.awaitTrue("document.querySelectorAll('.copying [role=status]')[1].textContent === 'Copied'");
        assertThat(clipboard()).isEqualTo(run.install().get(1).text());
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void copiesWhereThePageMayNotWriteToTheClipboardItself() throws IOException {
        DashboardRun run = write(Samples.allPass()).get(0);
        browser.driver()
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        browser.open(layout.run(run.id()));
        browser.run("navigator.clipboard.writeText = () => Promise.reject(new Error('not here'))");
        browser.find("button.copy").click();
        browser.awaitTrue("document.querySelector('.copying [role=status]').textContent === 'Copied'");
        assertThat(clipboard()).isEqualTo(run.install().get(0).text());
    }

    @Test
    void filtersOptionsAndAddsThoseThatNobodyAskedFor() throws IOException {
        DashboardRun run = write(Samples.allPass()).get(0);
        browser.open(layout.run(run.id()));
        assertThat(options()).containsExactly("64BIT", "LOCALVERSION", "MODULE_SIG", "XEN");
        WebElement filter = browser.find("[data-options] input[type=search]");
        filter.sendKeys("CONFIG_xen");
        assertThat(options()).containsExactly("XEN");
        filter.clear();
        filter.sendKeys("core.config");
        assertThat(options()).as("by who asked").containsExactly("64BIT", "MODULE_SIG");
        filter.clear();
        browser.find("[data-options] input[type=checkbox]").click();
        browser.awaitTrue("document.querySelectorAll('.options tbody')[1].rows.length > 0");
        assertThat(options()).contains("HZ", "XEN");
        filter.sendKeys("250");
        assertThat(options()).containsExactly("HZ");
        assertThat(browser.find("[data-options] [role=status]").getText()).isEqualTo("1 shown");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theKernelPageShowsWhatChangedAndLeadsToTheComparison() throws IOException {
        List<DashboardRun> runs = List.of(
                Kernels.run(
                        out,
                        Kernels.matrix(190, Kernels.CELLS, (kernel, cell) -> Verdict.PASS),
                        "XEN=y",
                        "TUN=m",
                        "KERNEL_XZ=y",
                        "HZ=250"),
                Kernels.run(
                        out,
                        Kernels.matrix(191, Kernels.CELLS, KernelPagesBrowserTest::pvhvmFails),
                        "XEN=y",
                        "KERNEL_GZIP=y",
                        "HZ=1000",
                        "KERNEL_XZ=y"));
        new Dashboard(layout).write(runs);
        browser.open(layout.run(runs.get(1).id()));
        assertThat(browser.find("#changes").getText()).contains("1 added, 1 removed, 1 changed");
        assertThat(browser.find("#changes tbody").getText().lines())
                .containsExactly("KERNEL_GZIP added n y", "TUN removed m n", "HZ changed 250 1000");
        assertThat(browser.find("#boot-times").getText()).contains("pvhvm", "in 6 cells");
        looksRight("kernel-page");

        browser.find("#changes")
                .findElement(By.linkText("Compare the two kernels"))
                .click();
        browser.await("#comparison section");
        assertThat(browser.find("#whole").getText()).startsWith("6.1.191-farm1 against 6.1.190-farm1: 1 worse");
        assertThat(browser.all("#comparison tbody tr").get(0).getText())
                .contains("pvhvm on Xen 4.17", "worse", "PASS", "FAIL");
        assertThat(browser.find("#comparison").getText()).contains("KERNEL_GZIP added n y");
        looksRight("compare-page");
    }

    @Test
    void comparesByAddressAndByListAndGoesBack() throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (int number = 190; number < 193; number++) {
            runs.add(Kernels.run(out, Kernels.matrix(number, Kernels.CELLS, (kernel, cell) -> Verdict.PASS)));
        }
        new Dashboard(layout).write(runs);
        String url = layout.compare().toUri() + "?a=" + runs.get(0).id() + "&b="
                + runs.get(2).id();
        browser.open(url);
        browser.await("#comparison section");
        assertThat(browser.driver().getTitle()).startsWith("6.1.192-farm1 against 6.1.190-farm1");
        new Select(browser.find("select[name=a]")).selectByValue(runs.get(1).id());
        browser.awaitTrue("document.title.startsWith('6.1.192-farm1 against 6.1.191-farm1')");
        assertThat(browser.driver().getCurrentUrl()).contains("a=" + runs.get(1).id());
        browser.driver().navigate().back();
        browser.awaitTrue("document.title.startsWith('6.1.192-farm1 against 6.1.190-farm1')");
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(url);

        browser.open(layout.compare());
        browser.awaitTrue("document.title.startsWith('6.1.192-farm1 against 6.1.191-farm1')");
        browser.open(layout.compare().toUri() + "?a=nosuch&b=" + runs.get(2).id());
        browser.awaitTrue("document.getElementById('whole').textContent === 'There is no run nosuch.'");
        assertThat(browser.complaints()).isEmpty();
    }

    /** The page's script against {@link MatrixComparison}, over matrices in which anything may have happened. */
    @Test
    @SuppressWarnings("unchecked")
    void comparesByTheRulesOfTheCommand() throws IOException {
        write(Samples.allPass(), Samples.oneFails());
        browser.open(layout.compare());
        browser.await("#comparison section");
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            MatrixResult before = anything(random);
            MatrixResult after = anything(random);
            MatrixComparison expected = MatrixComparison.of(before, after);
            Map<String, Object> compared = (Map<String, Object>) ((JavascriptExecutor) browser.driver())
                    .executeScript(
                            "const {changes, same, pace} = window.kernelFarm.compareCells(arguments[0], arguments[1]);"
                                    + "return {changes: changes.map(c => c.kind + ' ' + (c.now ?? c.then).id), same, pace: String(pace)}",
                            cells(before),
                            cells(after));
            assertThat((List<String>) compared.get("changes"))
                    .containsExactlyElementsOf(expected.changes().stream()
                            .map(change -> change.kind().id() + " " + change.cell())
                            .toList());
            assertThat(compared.get("same")).isEqualTo((long) expected.same());
            assertThat(Double.parseDouble((String) compared.get("pace"))).isEqualTo(expected.pace());
        }
    }

    @Test
    void showsTheHistoryOfManyKernels() throws IOException {
        List<DashboardRun> runs = new ArrayList<>();
        for (int number = 110; number < 175; number++) {
            runs.add(Kernels.run(out, Kernels.matrix(number, Kernels.CELLS, KernelPagesBrowserTest::fate)));
        }
        new Dashboard(layout).write(runs);
        browser.open(layout.history());
        assertThat(browser.all(".heat tbody tr")).hasSize(HistoryPage.KERNELS);
        assertThat(browser.find(".heat tbody tr th").getText()).startsWith("6.1.174-farm1");
        WebElement bad = browser.find(".heat a.first-bad");
        assertThat(bad.getDomAttribute("title")).isEqualTo("6.1.160-farm1, pvhvm on Xen 4.17: FAIL, first bad");
        assertThat(browser.all(".heat a.first-bad")).hasSize(1);
        assertThat(browser.find("section .list tbody tr").getText())
                .contains("pvhvm on Xen 4.17", "6.1.160-farm1", "6.1.158-farm1", "passes again in 6.1.164-farm1");

        browser.await("#boot canvas");
        browser.await("#stages canvas");
        assertThat(browser.find("#boot figcaption").getText()).contains("6.1.174-farm1: metal ", "%)");
        assertThat(browser.all("#boot details tbody tr")).hasSize(HistoryPage.KERNELS);

        WebElement first = browser.find(".heat td > a");
        assertThat(browser.all(".heat td > a[tabindex='0']")).hasSize(1);
        first.sendKeys(Keys.ARROW_DOWN);
        browser.driver().switchTo().activeElement().sendKeys(Keys.ARROW_RIGHT);
        assertThat(browser.driver().switchTo().activeElement().getDomAttribute("title"))
                .isEqualTo("6.1.173-farm1, metal by UEFI: PASS");
        looksRight("history-page");
    }

    @Test
    void showsAHistoryOfNoneAndOfOne() throws IOException {
        new Dashboard(layout).write(List.of());
        browser.open(layout.history());
        assertThat(browser.find("main").getText()).contains("No kernel has been booted yet.");
        browser.open(layout.compare());
        assertThat(browser.find("main").getText()).contains("There are no two kernels yet");
        new Dashboard(layout)
                .write(List.of(Kernels.run(out, Kernels.matrix(190, Kernels.CELLS, (kernel, cell) -> Verdict.PASS))));
        browser.open(layout.history());
        assertThat(browser.all(".heat tbody tr")).hasSize(1);
        assertThat(browser.all("canvas")).isEmpty();
        looksRight("history-1-page");
    }

    /** What becomes of a cell in the history of many kernels. */
    private static Verdict fate(int kernel, Cell cell) {
        if (cell.isUefi() && cell.mode().isGuest()) {
            return Verdict.SKIP;
        }
        if (cell.mode() == Mode.PVHVM && cell.hypervisor().equals("xen-4.17")) {
            if (kernel == 159) {
                return Verdict.ERROR;
            }
            return kernel >= 160 && kernel < 164 ? Verdict.FAIL : Verdict.PASS;
        }
        return kernel == 150 && cell.mode() == Mode.HVM ? Verdict.MISS : Verdict.PASS;
    }

    private static MatrixResult anything(Random random) {
        Verdict[] verdicts = {
            Verdict.PASS, Verdict.PASS, Verdict.PASS, Verdict.FAIL, Verdict.ERROR, Verdict.MISS, Verdict.SKIP
        };
        List<CellResult> cells = new ArrayList<>();
        for (Cell cell : Kernels.CELLS.subList(0, 12)) {
            if (random.nextInt(8) > 0) {
                Verdict verdict = verdicts[random.nextInt(verdicts.length)];
                boolean flaky = verdict == Verdict.PASS && random.nextInt(6) == 0;
                cells.add(Kernels.cell(cell, verdict, flaky, random.nextInt(200) / 10.0));
            }
        }
        return Samples.matrix("6.1.190-farm1", "", cells);
    }

    /** The cells as run.json has them, as far as they are compared. */
    private static List<Map<String, Object>> cells(MatrixResult result) {
        List<Map<String, Object>> cells = new ArrayList<>();
        for (CellResult one : result.cells()) {
            Map<String, Object> cell = new HashMap<>();
            cell.put("id", one.cell().id());
            cell.put("verdict", one.verdict().name());
            cell.put("flaky", one.flaky());
            cell.put("seconds", one.seconds());
            cells.add(cell);
        }
        return cells;
    }

    private List<String> options() {
        return browser.all(".options tbody tr").stream()
                .filter(WebElement::isDisplayed)
                .map(row -> row.findElement(By.cssSelector("th")).getText())
                .toList();
    }

    private String clipboard() {
        return (String) browser.driver().executeAsyncScript("navigator.clipboard.readText().then(arguments[0])");
    }

    private static Verdict pvhvmFails(int kernel, Cell cell) {
        return cell.id().equals("pvhvm-xen-4.17-bios-qemu") ? Verdict.FAIL : Verdict.PASS;
    }
}
