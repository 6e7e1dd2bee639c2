package io.kernelfarm.bootmatrix.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.report.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The first page and the archive. */
class HomeBrowserTest extends InBrowser {

    private static final int MOST_BYTES = 300_000;

    @Test
    void withoutARunItSaysHowToMakeOne() throws IOException {
        new Dashboard(layout).update(List.of());
        browser.open(layout.home());
        assertThat(browser.find("h1").getText()).isEqualTo("No kernel has been farmed yet.");
        assertThat(browser.all("table")).isEmpty();
        looksRight("home-0-runs");
    }

    @Test
    void withOneRunItShowsItsMatrix() throws IOException {
        new Dashboard(layout).update(List.of(newest()));
        browser.open(layout.home());
        assertThat(browser.find("h1").getText()).isEqualTo("6.1.190-farm2 fails in 1 of 7 cells (pvhvm on Xen 4.17).");
        assertThat(browser.all(".runs tbody tr")).hasSize(1);
        assertThat(browser.all(".pages")).isEmpty();
        looksRight("home-1-run");
    }

    @Test
    void withAThousandRunsItIsSmallAndLeadsToAllOfThem() throws IOException {
        new Dashboard(layout).update(Summaries.and(Summaries.keep(layout, Summaries.newestFirst(999)), newest()));
        browser.open(layout.home());
        browser.awaitTrue("document.readyState === 'complete'");
        Number bytes = (Number) browser.run(
                "return performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)");
        // Uncompressed, which is more than goes over a wire.
        long plain = Files.size(layout.home()) + bytes.longValue();
        assertThat(plain).isLessThan(MOST_BYTES);
        assertThat(browser.all(".runs tbody tr")).hasSize(50);
        looksRight("home-1000-runs");
        keepTimes();

        browser.find(".pages a[rel=prev]").click();
        assertThat(browser.find("h1").getText()).isEqualTo("Runs 901 to 1000");
        looksRight("archive");
        for (int page = 9; page >= 1; page--) {
            browser.find(".pages a[rel=prev]").click();
            assertThat(browser.find("h1").getText()).isEqualTo("Runs " + (page * 100 - 99) + " to " + page * 100);
            assertThat(browser.all(".runs tbody tr")).hasSize(100);
        }
        assertThat(browser.all(".pages a[rel=prev]")).isEmpty();
        browser.driver().navigate().back();
        assertThat(browser.find("h1").getText()).isEqualTo("Runs 101 to 200");
    }

    @Test
    void eachVerdictHasASignAndAWordOfItsOwn() throws IOException {
        new Dashboard(layout).update(List.of(newest()));
        browser.open(layout.home());
        List<WebElement> marks = browser.all(".runs tbody tr:first-child .mini a");
        assertThat(marks)
                .extracting(mark -> mark.findElement(By.cssSelector(".unseen")).getDomProperty("textContent"))
                .containsExactly(
                        "metal: PASS",
                        "dom0-pv on Xen 4.17: PASS",
                        "pv on Xen 4.17: PASS, flaky",
                        "pvh on Xen 4.17: MISS",
                        "hvm on Xen 4.17: ERROR",
                        "pvhvm on Xen 4.17: FAIL");
        assertThat(marks.stream()
                        .map(mark -> mark.findElement(By.cssSelector("path")).getDomAttribute("d"))
                        .distinct())
                .hasSize(5);
        assertThat(marks.stream()
                        .map(mark -> mark.getCssValue("background-image")
                                + mark.getCssValue("background-color")
                                + mark.getCssValue("border-top-style"))
                        .distinct())
                .hasSize(5);
        marks.get(5).click();
        assertThat(browser.driver().getCurrentUrl()).contains("/runs/newest/", "pvhvm-xen-4.17-bios-qemu");
    }

    private RunSource newest() {
        return new RunSource("newest", "f", () -> Samples.run("newest", out, Samples.troubled()));
    }

    /** Milliseconds until the page could be used, of several loads, for people to look at. */
    private void keepTimes() throws IOException {
        StringBuilder times = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            browser.open(layout.home());
            browser.awaitTrue("performance.getEntriesByType('navigation')[0].loadEventEnd > 0");
            times.append(
                            browser.run(
                                    "const one = performance.getEntriesByType('navigation')[0];"
                                            + " return Math.round(one.domInteractive) + ' interactive, ' + Math.round(one.loadEventEnd) + ' loaded'"))
                    .append('\n');
        }
        Files.writeString(SCREENSHOTS.resolve("home-1000-runs-milliseconds.txt"), times);
    }
}
