package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** From red to reason, and the viewer of consoles. */
class ConsoleBrowserTest extends InBrowser {

    private static final String PANIC =
            "[   12.345678] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100";

    @AfterEach
    void thePageDidNotComplain() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void fromHomeToTheEvidenceOfAFailedCellAreTwoClicks() throws Exception {
        write(Samples.oneFails());
        browser.open(layout.home()).find(".tile.fail").click();
        assertThat(browser.await(".lede").getText()).contains("The kernel is at fault.");
        browser.await(".evidence a.at").click();
        browser.await(".row.here");
        assertThat(browser.driver().getCurrentUrl()).endsWith("/pvhvm-xen-4.17-bios-qemu.html#L118");
        assertThat(line(".row.here")).isEqualTo("[    0.000000] Booting paravirtualized kernel on bare hardware");
        assertThat(inView(118)).isTrue();
        assertThat(browser.find(".row.here").getDomAttribute("class")).contains("evident");
    }

    @Test
    void looksRightAndKeepsNobodyOut() throws Exception {
        write(Samples.troubled());
        Path failed = layout.cell("run-1", "pvhvm-xen-4.17-bios-qemu");
        shoot("cell", failed, "");
        shoot("cell-console", failed, "#L118");
        shoot("cell-flaky", layout.cell("run-1", "pv-xen-4.17-bios-qemu"), "");
        shoot("cell-missing", layout.cell("run-1", "pvh-xen-4.17-bios-qemu"), "");
        shoot("console", layout.console("run-1", "consoles/pvhvm-xen-4.17-bios-qemu-3.log"), "");
    }

    @Test
    void hostileTextStaysText() throws Exception {
        write(Samples.hostile());
        browser.open(layout.cell("run-1", "hvm-xen-4.17-bios-qemu"));
        awaitViewer();
        assertThat(line(".row[data-line='3']"))
                .isEqualTo("</code><script>alert(1)</script> red ^[]0;title^G ^@\uFFFD \uFFFDgnp.exe ]]> & \"'");
        assertThat(browser.all("main script")).isEmpty();
        assertThat(browser.driver().getTitle()).startsWith("hvm on Xen 4.17");
        shoot("cell-hostile", layout.cell("run-1", "hvm-xen-4.17-bios-qemu"), "");
    }

    @Test
    void withoutScriptsTheEvidenceIsThere() throws Exception {
        write(Samples.oneFails());
        Path page = layout.cell("run-1", "pvhvm-xen-4.17-bios-qemu");
        Files.delete(layout.asset("console.js"));
        browser.open(page.toUri() + "#L118");
        WebElement line = browser.find("#L118");
        assertThat(line.isDisplayed()).isTrue();
        assertThat(line.getText()).contains("Booting paravirtualized kernel on bare hardware");
        assertThat(browser.all("a[href$='pvhvm-xen-4.17-bios-qemu-2.log']")).isNotEmpty();
        assertThat(browser.complaints()).singleElement().asString().contains("console.js");
        assertThat(browser.barriers()).isEmpty();
    }

    @Test
    void aPieceThatIsNotThereIsToldOf() throws Exception {
        Path page = writeLines(5000, 4321);
        Files.delete(layout.consolePiece("run-1", "consoles/pv-xen-4.17-bios-qemu.log", 2));
        browser.open(page.toUri() + "#L2500");
        browser.awaitTrue("document.querySelector('.find .count').textContent.includes('2.js cannot be loaded')");
        assertThat(browser.complaints()).isNotEmpty().allMatch(line -> line.contains("ERR_FILE_NOT_FOUND"));
        browser.run("location.hash = '#L4321'");
        awaitLine(4321, PANIC);
        // The viewer may have looked for the missing piece again.
        assertThat(browser.complaints()).allMatch(line -> line.contains("ERR_FILE_NOT_FOUND"));
    }

    @Test
    void linesHaveAddressesAndBackWorks() throws Exception {
        Path page = writeLines(5000, 4321);
        browser.open(page.toUri() + "#L4321");
        awaitLine(4321, PANIC);
        assertThat(inView(4321)).isTrue();
        browser.run("location.hash = '#L77'");
        awaitLine(77, text(77));
        browser.run("document.querySelector(\".row[data-line='79'] a\").click()");
        awaitLine(79, text(79));
        browser.driver().navigate().back();
        awaitLine(77, text(77));
        browser.driver().navigate().back();
        awaitLine(4321, PANIC);
        // Scrolled away from, the address's own line can be gone to again.
        browser.find(".lines").sendKeys(Keys.HOME);
        browser.awaitTrue("document.querySelector(\".row[data-line='1']\") !== null");
        browser.find(".evidence a.at").click();
        awaitLine(4321, PANIC);
        assertThat(inView(4321)).isTrue();
    }

    @Test
    void aLongLogScrollsWithFewRows() throws Exception {
        Path page = writeLines(100_000, 99_000);
        browser.open(page);
        awaitViewer();
        browser.run("document.querySelector('.tools').scrollIntoView()");
        for (double share : new double[] {1, 0.5, 0.25, 0.75, 0}) {
            browser.run(
                    "const box = document.querySelector('.lines');"
                            + "box.scrollTop = arguments[0] * (box.scrollHeight - box.clientHeight)",
                    share);
            awaitShown();
            int middle = ((Number) browser.run("const box = document.querySelector('.lines').getBoundingClientRect();"
                            + "return Number(document.elementFromPoint(box.left + 300, box.top + box.height / 2)"
                            + ".closest('.row').dataset.line)"))
                    .intValue();
            assertThat((double) middle).isBetween(share * 100_000 - 50, share * 100_000 + 50);
            assertThat(line(".row[data-line='" + middle + "']")).isEqualTo(text(middle));
            assertThat(browser.all(".row")).hasSizeLessThan(120);
        }
        browser.find(".lines").sendKeys(Keys.END);
        awaitShown();
        assertThat(inView(100_000)).isTrue();
        assertThat(line(".row[data-line='100000']")).isEqualTo(text(100_000));
        browser.find(".lines").sendKeys(Keys.ARROW_UP, Keys.PAGE_UP);
        awaitShown();
        assertThat(inView(100_000)).isFalse();
    }

    @Test
    void searchFindsInAllPiecesAndGoesRound() throws Exception {
        Path page = writeLines(12_000, 6_000);
        browser.open(page);
        awaitViewer();
        browser.find(".lines").sendKeys(Keys.HOME, "/");
        WebElement field = browser.find(".tools input[type='search']");
        assertThat(browser.driver().switchTo().activeElement()).isEqualTo(field);
        field.sendKeys("NUMBER 7777");
        awaitCount("1 of 1");
        awaitLine(7777, text(7777));
        assertThat(browser.text(".row.here mark")).isEqualTo("number 7777");
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), "number 1199");
        awaitCount("2 of 11");
        awaitLine(11_990, text(11_990));
        field.sendKeys(Keys.ENTER);
        awaitCount("3 of 11");
        field.sendKeys(Keys.chord(Keys.SHIFT, Keys.ENTER), Keys.chord(Keys.SHIFT, Keys.ENTER));
        awaitLine(1199, text(1199));
        awaitCount("1 of 11");
        assertThat(browser.driver().switchTo().activeElement()).isEqualTo(field);
        browser.awaitTrue("location.hash === '#L1199'");
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), "<b>.*");
        awaitCount("not found");
        field.sendKeys(Keys.ESCAPE);
        awaitCount("");
        assertThat(browser.all(".row mark")).isEmpty();
    }

    @Test
    void stepsThroughTheEvidence() throws Exception {
        write(Samples.allPass());
        browser.open(layout.cell("run-1", "pv-xen-4.17-bios-qemu"));
        awaitViewer();
        assertThat(browser.find(".tools .count").getText()).isEqualTo("2 lines of evidence");
        WebElement next = browser.find("button[title='Next evidence']");
        next.click();
        awaitLine(118, "[    0.000000] Booting kernel on Xen");
        next.click();
        awaitLine(231, "farm: xvda holds what was written to it");
        assertThat(browser.find(".tools .count").getText()).isEqualTo("evidence 2 of 2");
        next.click();
        awaitLine(118, "[    0.000000] Booting kernel on Xen");
    }

    @Test
    void showsTheTimeSinceTheLineBeforeAndWhenItCame() throws Exception {
        writeLines(3000, 2500);
        Path log = out.resolve("runs/run-1/boot/consoles/pv-xen-4.17-bios-qemu.log");
        Files.write(
                log.resolveSibling("pv-xen-4.17-bios-qemu.times"),
                IntStream.rangeClosed(1, 3000)
                        .mapToObj(n -> Integer.toString(1000 + n))
                        .toList());
        Path page = writeLines(3000, 2500);
        browser.open(page.toUri() + "#L2001");
        awaitLine(2001, text(2001));
        assertThat(browser.text(".row.here .time")).isEqualTo("[   20.010000]");
        Select time = new Select(browser.find(".tools select"));
        time.selectByVisibleText("since the line before");
        // The line before is in another piece.
        browser.awaitTrue("document.querySelector('.row.here .time').textContent.trim() === '+0.010000'");
        time.selectByVisibleText("arrival, since the boot began");
        browser.awaitTrue("document.querySelector('.row.here .time').textContent.trim() === '3.001'");
        assertThat(line(".row.here")).endsWith(text(2001));
    }

    @Test
    void whatIsSelectedIsCopiedWithoutItsNumbers() throws Exception {
        Path page = writeLines(3000, 2500);
        browser.open(page);
        awaitViewer();
        browser.find(".lines").sendKeys(Keys.HOME);
        awaitShown();
        browser.run("const at = (line) => document.querySelector(`.row[data-line='${line}'] code`);"
                + "getSelection().setBaseAndExtent(at(2), 0, at(4), at(4).childNodes.length)");
        // Out of view, and still selected.
        browser.find(".lines").sendKeys(Keys.PAGE_DOWN, Keys.PAGE_DOWN, Keys.PAGE_DOWN);
        awaitShown();
        assertThat(inView(4)).isFalse();
        assertThat((String) browser.run("return getSelection().toString()"))
                .isEqualTo(text(2) + "\n" + text(3) + "\n" + text(4));
    }

    @Test
    void aLogOfAHundredMegabytesOpensByAFewPieces() throws Exception {
        int lines = 1_250_000;
        MatrixResult result = Samples.panicAt(1_000_000, PANIC);
        DashboardRun run = Samples.run("run-1", out, Samples.panicAt(1, PANIC));
        CellResult cell = result.cells().get(0);
        Path log = run.boot().resolve(cell.console());
        try (Writer writer = Files.newBufferedWriter(log)) {
            for (int n = 1; n <= lines; n++) {
                writer.write(n == 1_000_000 ? PANIC : text(n) + " of a log that is much too long to be looked at");
                writer.write('\n');
            }
        }
        assertThat(Files.size(log)).isGreaterThan(100_000_000);
        new Dashboard(layout)
                .write(List.of(new DashboardRun(
                        run.id(),
                        run.boot(),
                        run.started(),
                        Optional.of(result),
                        "",
                        run.packages(),
                        run.install(),
                        run.stages(),
                        run.provenance(),
                        run.channels(),
                        run.promotions(),
                        run.build())));
        Path page = layout.cell("run-1", cell.cell().id());
        assertThat(Files.size(page)).isLessThan(30_000);
        Path pieces = layout.consoleIndex("run-1", cell.console()).getParent();
        assertThat(pieces.resolve("1249.js")).exists();
        assertThat(pieces.resolve("1250.js")).doesNotExist();
        // Those of the lines that are looked at below, of 1250.
        keepOnly(pieces, Set.of(0, 624, 625, 999, 1000, 1249));
        browser.open(page.toUri() + "#L1000000");
        awaitLine(1_000_000, PANIC);
        assertThat(inView(1_000_000)).isTrue();
        browser.find(".lines").sendKeys(Keys.END);
        awaitShown();
        assertThat(inView(lines)).isTrue();
        browser.find(".lines").sendKeys(Keys.ARROW_UP);
        awaitShown();
        assertThat(inView(lines)).isFalse();
        assertThat(inView(lines - 1)).isTrue();
        browser.find(".lines").sendKeys(Keys.HOME);
        awaitShown();
        assertThat(line(".row[data-line='1']")).startsWith(text(1));
        browser.run(
                "const box = document.querySelector('.lines'); box.scrollTop = (box.scrollHeight - box.clientHeight) / 2");
        awaitShown();
        browser.awaitTrue("document.querySelector(\".row[data-line='625000']\") !== null");
        assertThat(line(".row[data-line='625000']")).startsWith(text(625_000));
        assertThat(browser.all(".row")).hasSizeLessThan(120);
    }

    /** Takes away all pieces but a few: a page that wants another one complains. */
    private static void keepOnly(Path pieces, Set<Integer> kept) throws IOException {
        try (Stream<Path> all = Files.list(pieces)) {
            for (Path piece :
                    all.filter(file -> file.toString().matches(".*/\\d+\\.js")).toList()) {
                int number = Integer.parseInt(piece.getFileName().toString().replace(".js", ""));
                if (!kept.contains(number)) {
                    Files.delete(piece);
                }
            }
        }
    }

    /** A run whose one cell has a console of {@code lines} lines with evidence in one of them; returns the cell's page. */
    private Path writeLines(int lines, int evidence) throws IOException {
        MatrixResult result = Samples.panicAt(evidence, PANIC);
        DashboardRun run = Samples.run("run-1", out, result);
        CellResult cell = result.cells().get(0);
        Files.write(
                run.boot().resolve(cell.console()),
                IntStream.rangeClosed(1, lines)
                        .mapToObj(n -> n == evidence ? PANIC : text(n))
                        .toList());
        new Dashboard(layout).write(List.of(run));
        return layout.cell("run-1", cell.cell().id());
    }

    private static String text(int line) {
        return String.format("[%5d.%06d] line number %d", line / 100, line % 100 * 10_000, line);
    }

    private static void awaitViewer() {
        browser.await(".lines.live .row");
        awaitShown();
    }

    /** Waits until all rows have their text, and frames that were asked for are drawn. */
    private static void awaitShown() {
        browser.driver()
                .executeAsyncScript(
                        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
        browser.awaitTrue("document.querySelector('.row.waiting') === null && document.querySelector('.row') !== null");
    }

    private static void awaitLine(int number, String text) {
        browser.awaitTrue("((row) => row !== null && row.dataset.line === '" + number
                + "' && !row.classList.contains('waiting'))(document.querySelector('.row.here'))");
        assertThat(line(".row.here")).isEqualTo(text);
    }

    private static void awaitCount(String text) {
        browser.awaitTrue("document.querySelector('.find .count').textContent === '" + text + "'");
    }

    private static String line(String row) {
        return browser.text(row + " code");
    }

    private static boolean inView(int line) {
        return (Boolean) browser.run(
                "const row = document.querySelector(`.row[data-line='${arguments[0]}']`);"
                        + "if (!row) { return false; }"
                        + "const box = document.querySelector('.lines').getBoundingClientRect();"
                        + "const { top, bottom } = row.getBoundingClientRect();"
                        + "return top >= box.top - 1 && bottom <= box.bottom + 1 && top >= 0 && bottom <= innerHeight",
                line);
    }

    private static void shoot(String name, Path page, String fragment) throws IOException {
        browser.open("about:blank").open(page.toUri() + fragment);
        looksRight(name);
    }
}
