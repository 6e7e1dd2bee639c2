package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.real.JenkinsClient;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The settings, as code and by form. */
@Tag("jenkins")
class SettingsOnJenkinsTest {
    private static final String CASC = """
            unclassified:
              kernelFarm:
                anonymousDownload: true
                channels:
                - keep: 5
                  name: "nightly"
                - keep: 2
                  name: "stable"
                - name: "longterm"
                memory: 640
                repositoryUrl: "https://kernels.example.org/farm"
                signingKeyCredentialsId: "farm-key"
            """;

    @Test
    void whatIsExportedIsWhatWasImportedAndImportsAgain() throws Exception {
        try (RealJenkins jenkins = RealJenkins.prepare().casc(CASC).start()) {
            String exported = jenkins.admin()
                    .post("manage/configuration-as-code/export", Map.of())
                    .expect(200)
                    .text();
            String ours = section(exported);
            assertThat(ours.lines().map(String::strip).sorted().toList())
                    .containsAll(CASC.lines()
                            .skip(2)
                            .map(line -> line.strip().replaceFirst("^- ", ""))
                            .filter(line -> !line.startsWith("keep: 0"))
                            .map(line -> ours.contains("- " + line) ? "- " + line : line)
                            .toList());
            jenkins.script("""
                    import io.jenkins.plugins.casc.*
                    def file = File.createTempFile('casc', '.yaml')
                    file.text = '''unclassified:
                    %s'''
                    ConfigurationAsCode.get().configure(file.path)
                    file.delete()
                    """.formatted(ours.indent(0)));
            assertThat(section(jenkins.admin()
                            .post("manage/configuration-as-code/export", Map.of())
                            .text()))
                    .isEqualTo(ours);
            jenkins.restart();
            assertThat(jenkins.script(
                            "def farm = io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get(); print([farm.memory,"
                                    + " farm.repositoryUrl, farm.channels*.name, farm.channels*.keep])"))
                    .isEqualTo("[640, https://kernels.example.org/farm, [nightly, stable, longterm], [5, 2, 0]]");
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    /** What belongs to {@code kernelFarm}, with its own line. */
    private static String section(String yaml) {
        StringBuilder section = new StringBuilder();
        boolean inside = false;
        for (String line : yaml.lines().toList()) {
            if (line.equals("  kernelFarm:")) {
                inside = true;
            } else if (inside && !line.startsWith("    ")) {
                break;
            }
            if (inside) {
                section.append(line).append('\n');
            }
        }
        assertThat(section).as(yaml).isNotEmpty();
        return section.toString();
    }

    @Test
    void theFormKeepsWhatIsTypedAndSaysWhatIsWrongWithIt() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare()
                .user("connie", "Kernel Farm/Configure")
                .user("rita")
                .darkTheme())) {
            JenkinsClient connie = jenkins.as("connie");
            String checks = "descriptorByName/io.jenkins.plugins.kernelfarm.KernelFarmConfiguration/";
            String channel = "descriptorByName/io.jenkins.plugins.kernelfarm.ChannelSettings/";
            assertSays(connie, checks + "checkRepositoryUrl", "file:///etc", "which is not a URL");
            assertSays(connie, checks + "checkRepositoryUrl", "https://k.example.org/x", "<div/>");
            assertSays(connie, checks + "checkMemory", "3", "cannot do with 3 MiB");
            assertSays(connie, checks + "checkMemory", "<b>", "&lt;b&gt;");
            assertSays(connie, checks + "checkSigningKeyCredentialsId", "", "Without a key");
            assertSays(connie, checks + "checkSigningKeyCredentialsId", "nobody", "there is no secret file");
            assertSays(connie, checks + "checkSigningKeyCredentialsId", SampleJenkins.KEY, "<div/>");
            assertSays(connie, channel + "checkName", "../x", "is no channel");
            assertSays(connie, channel + "checkName", "pool", "is no channel");
            assertSays(connie, channel + "checkKeep", "-1", "cannot keep -1");
            jenkins.as("rita")
                    .post(checks + "checkMemory", Map.of("value", "640"))
                    .expect(403);
            connie.get(checks + "checkMemory?value=640").expect(404, 405);

            try (Browser browser = jenkins.browser("connie")) {
                jenkins.screenshots(browser, "kernel-farm/configure", "kernel-farm-settings");
                browser.open(jenkins.url() + "kernel-farm/configure");
                browser.awaitTrue("document.querySelector('[name=\"_.signingKeyCredentialsId\"]').value === '"
                        + SampleJenkins.KEY + "'");
                browser.find("[name='_.memory']").clear();
                browser.find("[name='_.memory']").sendKeys("700");
                browser.find("[name='_.repositoryUrl']").sendKeys("https://kernels.example.org/farm/");
                browser.find("[name='_.anonymousDownload']")
                        .findElement(By.xpath(".."))
                        .click();
                browser.find("button[name='Submit']").click();
                browser.awaitTrue("location.pathname.endsWith('/kernel-farm/')");
                assertThat(browser.complaints()).allMatch(one -> one.contains("/login - "));
            }
            assertThat(jenkins.script(
                            "def farm = io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get(); print([farm.memory,"
                                    + " farm.repositoryUrl, farm.anonymousDownload, farm.channels*.name,"
                                    + " farm.signingKeyCredentialsId])"))
                    .isEqualTo("[700, https://kernels.example.org/farm, true, [testing, stable], farm-key]");
            connie.get("manage/configure").expect(403);
            jenkins.as("rita").get("kernel-farm/configure").expect(403);
            assertThat(jenkins.complaints()).isEmpty();
        }
    }

    private static void assertSays(JenkinsClient who, String check, String value, String words) throws Exception {
        assertThat(who.post(check, Map.of("value", value)).expect(200).text()).contains(words);
    }
}
