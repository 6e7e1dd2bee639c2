package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/**
 * A reader who comes to see why a run's kernel failed, in a real browser: from the disk, and then over {@code farm serve}. Pictures of
 * all kinds of pages stay in {@code target/screenshots}.
 */
final class DashboardVisit implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final Pattern LINK =
            Pattern.compile("<(?:a|link|script|img) [^>]*?(?:href|src)=\"([^\"#]+)[^\"]*\"");

    private final OutLayout out;
    private final RunLayout run;
    private final MatrixResult matrix;
    private final Browser browser = new Browser();

    /** @param run one with a cell that failed */
    DashboardVisit(OutLayout out, RunLayout run) throws IOException {
        this.out = out;
        this.run = run;
        this.matrix = MatrixJson.read(run.matrix());
    }

    void seesAllThereIs() throws IOException, InterruptedException {
        String home = out.dashboard().home().toUri().toString();
        fromRedToReasonInTwoClicks(home);
        looksAtEveryKindOfPage();
        try (FileServer server = FileServer.start(out, "127.0.0.1", 0)) {
            String url = server.url().toString();
            fromRedToReasonInTwoClicks(url + "/");
            searchesTheConsoleAndSeesWhenALineCame();
            onlyAsked(url);
            copies(url + "/runs/" + run.id() + "/index.html");
            everyLinkLeadsSomewhere(url);
        }
        assertThat(browser.complaints()).isEmpty();
    }

    /** From the first page to the line that the verdict of a failed cell rests on, and back. */
    private void fromRedToReasonInTwoClicks(String home) {
        browser.open(home);
        browser.find(".tile.fail").click();
        assertThat(browser.await(".lede").getText()).contains("The kernel is at fault.");
        WebElement evidence = browser.await(".evidence a.at");
        int line = Integer.parseInt(evidence.getText());
        String id = browser.driver().getCurrentUrl().replaceFirst(".*/", "").replace(".html", "");
        CellResult cell = matrix.cells().stream()
                .filter(one -> one.cell().id().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(cell.verdict()).isEqualTo(Verdict.FAIL);
        String text = cell.checks().stream()
                .flatMap(check -> check.evidence().stream())
                .filter(one -> one.line() == line)
                .findFirst()
                .orElseThrow()
                .text();
        evidence.click();
        browser.awaitTrue("((row) => row !== null && row.dataset.line === '" + line
                + "' && !row.classList.contains('waiting'))(document.querySelector('.row.here'))");
        assertThat(browser.text(".row.here code").strip()).isEqualTo(text.strip());
        assertThat(browser.all(".row.here.evident")).hasSize(1);
        assertThat(browser.driver().getCurrentUrl()).endsWith(id + ".html#L" + line);
        browser.driver().navigate().back();
        browser.driver().navigate().back();
        assertThat(browser.find("h1").getText()).contains(" fails in ");
        browser.driver().navigate().forward();
        browser.await(".lines.live .row");
    }

    private void searchesTheConsoleAndSeesWhenALineCame() {
        WebElement field = browser.await(".tools input[type='search']");
        field.sendKeys("linux version", Keys.ENTER);
        browser.awaitTrue("document.querySelector('.row.here mark') !== null");
        assertThat(browser.text(".row.here mark")).isEqualToIgnoringCase("linux version");
        assertThat(browser.text(".find .count")).startsWith("1 of ");
        new Select(browser.find(".tools select")).selectByVisibleText("arrival, since the boot began");
        assertThat(browser.text(".row.here .time").strip()).matches("\\d+\\.\\d{3}");
    }

    @SuppressWarnings("unchecked")
    private void onlyAsked(String url) {
        assertThat((List<String>) browser.run("return performance.getEntries().map((one) => one.name)"
                        + ".filter((name) => name.includes(':'))"))
                .isNotEmpty()
                .allMatch(name -> name.startsWith(url + "/"));
    }

    private void copies(String page) {
        browser.driver()
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        browser.open(page);
        List<WebElement> buttons = browser.all("button.copy");
        assertThat(buttons).hasSize(2);
        for (int i = 0; i < buttons.size(); i++) {
            buttons.get(i).sendKeys(Keys.ENTER);
            browser.awaitTrue(
                    "document.querySelectorAll('.copying [role=status]')[" + i + "].textContent === 'Copied'");
            assertThat(browser.driver().executeAsyncScript("navigator.clipboard.readText().then(arguments[0])"))
                    .isEqualTo(browser.all(".snippets code").get(i).getDomProperty("textContent"))
                    .asString()
                    .contains("sudo", matrix.kernel().release().replace("-", i == 0 ? "-" : "_"));
        }
    }

    private void looksAtEveryKindOfPage() throws IOException {
        DashboardLayout pages = out.dashboard();
        Map<String, Path> kinds = new TreeMap<>(Map.of(
                "home", pages.home(),
                "kernel", pages.run(run.id()),
                "history", pages.history(),
                "compare", pages.compare()));
        for (CellResult cell : matrix.cells()) {
            kinds.put(
                    "cell-" + cell.verdict().name().toLowerCase(Locale.ROOT),
                    pages.cell(run.id(), cell.cell().id()));
            cell.attempts().stream()
                    .map(attempt -> pages.console(run.id(), attempt.console()))
                    .filter(Files::exists)
                    .forEach(page -> kinds.put("console", page));
        }
        assertThat(kinds).containsKeys("cell-fail", "console");
        for (Map.Entry<String, Path> kind : kinds.entrySet()) {
            browser.open(kind.getValue());
            assertThat(browser.look(SCREENSHOTS, "real-" + kind.getKey()))
                    .as(kind.getKey())
                    .isEmpty();
        }
    }

    /** All that any page links to or loads is there, under the address that it names. */
    private void everyLinkLeadsSomewhere(String url) throws IOException, InterruptedException {
        Map<URI, Path> asked = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out.dashboard().root())) {
            for (Path page :
                    files.filter(file -> file.toString().endsWith(".html")).toList()) {
                URI base = URI.create(url + "/")
                        .resolve(out.dashboard().root().relativize(page).toString());
                Matcher links = LINK.matcher(Files.readString(page));
                while (links.find()) {
                    // Above the root there is the root again, as browsers have it (RFC 3986, 5.4.2).
                    String target =
                            base.resolve(links.group(1).replace("&amp;", "&")).toString();
                    asked.putIfAbsent(URI.create(target.replaceAll("/\\.\\.(?=/)", "")), page);
                }
            }
        }
        assertThat(asked).hasSizeGreaterThan(20);
        HttpClient client = HttpClient.newHttpClient();
        for (Map.Entry<URI, Path> one : asked.entrySet()) {
            assertThat(one.getKey().toString()).startsWith(url + "/");
            int status = client.send(
                            HttpRequest.newBuilder(one.getKey())
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            assertThat(status)
                    .as("%s, linked to from %s", one.getKey(), one.getValue())
                    .isEqualTo(200);
        }
    }

    @Override
    public void close() {
        browser.close();
    }
}
