package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our pages under the Content-Security-Policy that Jenkins has enforced by default since 2.539; here a filter sends it, for all pages. What the browser
 * then refuses of Jenkins' own parts, or of other plugins', is noted and not counted.
 */
@Tag("jenkins")
class PolicyOnJenkinsTest {
    /** https://www.jenkins.io/doc/developer/security/csp/ and the rules in jenkins.security.csp.impl, without usage statistics. */
    private static final String POLICY =
            "base-uri 'none'; default-src 'self'; form-action 'self'; frame-ancestors 'self'; img-src 'self' data:;"
                    + " script-src 'report-sample' 'self'; style-src 'report-sample' 'self' 'unsafe-inline';";

    /** Notes before any other script what is refused, and whether it is of an element of ours or of a file of ours. */
    private static final String LISTEN = """
            window.refused = [];
            document.addEventListener('securitypolicyviolation', event => {
                const place = event.target.closest ? event.target : document.documentElement;
                const ours = place.closest('.kernel-farm, .kernel-farm-overview, [descriptorid^="io.jenkins.plugins.kernelfarm"]')
                    || [event.sourceFile, event.blockedURI].some(file => (file || '').includes('/plugin/kernel-farm/'));
                window.refused.push((ours ? 'ours: ' : 'Jenkins: ') + [event.effectiveDirective, event.blockedURI, event.sourceFile,
                    event.lineNumber, event.sample, place.outerHTML.slice(0, 120)].join(' | '));
            });
            """;

    private static final Path SEEN = Path.of("target", "policy.txt");

    @TempDir
    private Path folder;

    @Test
    void noPageOfOursNeedsMoreThanTheDefaultPolicyAllows() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(
                SampleJenkins.prepare().pipelines().darkTheme().script("""
                        def filter = [init: { }, destroy: { }, doFilter: { request, response, chain ->
                            response.setHeader('Content-Security-Policy', "%s")
                            chain.doFilter(request, response)
                        }] as jakarta.servlet.Filter
                        hudson.util.PluginServletFilter.addFilter(filter)
                        """.formatted(POLICY)))) {
            RunLayout run =
                    SampleJenkins.run(folder, "20260102T030405Z-abcdef", "6.1.192-farm1", 1, SampleRun.allPass());
            SampleJenkins.publishing(jenkins, "kernels", run);
            jenkins.build("kernels").expect("SUCCESS");
            jenkins.admin()
                    .postXml(
                            "createView?name=all-kernels",
                            "<hudson.model.ListView><name>all-kernels</name><jobNames/><includeRegex>.*</includeRegex><columns>"
                                    + "<io.jenkins.plugins.kernelfarm.pages.KernelFarmColumn/></columns></hudson.model.ListView>")
                    .expect(200);
            String matrix = "job/kernels/1/boot-matrix/runs/" + run.id() + "/";
            List<String> refused = new ArrayList<>();
            try (Browser browser = jenkins.browser("admin")) {
                browser.driver().executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", LISTEN));
                for (String page : List.of(
                        "kernel-farm/",
                        "kernel-farm/configure",
                        "job/kernels/",
                        "job/kernels/boot-matrix/",
                        "job/kernels/boot-matrix/history.html",
                        "job/kernels/boot-matrix/compare.html",
                        "job/kernels/1/",
                        matrix + "index.html",
                        matrix + "cells/pvh-xen-4.17-bios-qemu.html",
                        "view/all-kernels/",
                        "job/kernels/configure",
                        "manage/configure")) {
                    browser.open(jenkins.url() + page);
                    browser.awaitTrue("document.readyState === 'complete'");
                    assertThat(jenkins.admin().get(page).expect(200).header("Content-Security-Policy"))
                            .contains(POLICY);
                    note(refused, browser, page);
                }
                browser.open(jenkins.url() + "kernel-farm/");
                browser.find("details.install summary").click();
                browser.find("details.install .jenkins-copy-button").click();
                browser.find("form[name^='promote-stable-'] button").click();
                browser.awaitTrue("document.title.startsWith('Decided')");
                note(refused, browser, "kernel-farm/promote");

                // That it would be seen.
                browser.run(
                        "document.querySelector('.kernel-farm-overview').innerHTML += '<b onclick=\"alert(1)\">x</b>'");
                List<String> caught = new ArrayList<>();
                browser.awaitTrue("window.refused.some(one => one.startsWith('ours: script-src-attr'))");
                note(caught, browser, "here");
                assertThat(caught).anyMatch(one -> one.startsWith("ours: script-src-attr"));
            }
            Files.write(SEEN, refused);
            assertThat(refused).noneMatch(one -> one.startsWith("ours: "));
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static void note(List<String> refused, Browser browser, String page) {
        ((List<?>) browser.run("return window.refused")).forEach(one -> refused.add(one + " | on " + page));
    }
}
