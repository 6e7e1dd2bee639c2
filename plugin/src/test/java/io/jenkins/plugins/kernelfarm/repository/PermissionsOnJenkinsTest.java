package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.real.JenkinsClient;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what: each role and each URL. */
@Tag("jenkins")
class PermissionsOnJenkinsTest {
    private static final String RUN = "20260102T030405Z-abcdef";
    private static final String SETTINGS = "descriptorByName/io.jenkins.plugins.kernelfarm.KernelFarmConfiguration/";
    private static final String CHANNEL = "descriptorByName/io.jenkins.plugins.kernelfarm.ChannelSettings/";

    /** rita reads jobs, norman only Jenkins, dora may download and nothing else at all, the others as they are called. */
    private static final List<String> ROLES =
            List.of("anonymous", "dora", "norman", "rita", "polly", "connie", "admin");

    /** A URL and what each of {@link #ROLES} gets. */
    private record Row(String path, List<Integer> expected) {
        Row(String path, Integer... expected) {
            this(path, List.of(expected));
        }
    }

    private static final List<Row> READ = List.of(
            new Row("kernel-farm/", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/?page=2", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/index", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/decision", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/api/json", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/api/xml", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/api/python", 403, 403, 200, 200, 200, 200, 200),
            new Row("kernel-farm/configure", 403, 403, 403, 403, 403, 200, 200),
            new Row("kernel-farm/configuration/api/json", 403, 403, 404, 404, 404, 404, 404),
            new Row("kernel-farm/repository/kernel-farm.asc", 401, 200, 200, 200, 200, 200, 200),
            new Row("kernel-farm/repository/kernel-farm-testing.repo", 401, 200, 200, 200, 200, 200, 200),
            new Row("kernel-farm/repository/apt/dists/testing/InRelease", 401, 200, 200, 200, 200, 200, 200),
            new Row("kernel-farm/repository/dnf/testing/mirrorlist", 401, 200, 200, 200, 200, 200, 200),
            new Row("kernel-farm/repository/nothing", 401, 404, 404, 404, 404, 404, 404),
            new Row("kernel-farm//repository/kernel-farm.asc", 401, 404, 404, 404, 404, 404, 404),
            new Row("job/kernels/1/boot-matrix/", 403, 403, 404, 200, 404, 404, 200),
            new Row("job/kernels/1/boot-matrix/runs/" + RUN + "/index.html", 403, 403, 404, 200, 404, 404, 200),
            new Row("job/kernels/1/boot-matrix/api/json", 403, 403, 404, 200, 404, 404, 200),
            new Row("job/kernels/1/boot-matrix/badge.svg", 403, 403, 404, 200, 404, 404, 200),
            new Row("job/kernels/boot-matrix/", 403, 403, 404, 200, 404, 404, 200),
            new Row("job/kernels/boot-matrix/history.html", 403, 403, 404, 200, 404, 404, 200),
            // What changes something is not asked for by GET.
            new Row("kernel-farm/promote?run=" + RUN + "&channel=stable", 403, 403, 405, 405, 405, 405, 405),
            new Row("kernel-farm/undo?run=" + RUN + "&channel=stable", 403, 403, 405, 405, 405, 405, 405),
            new Row("kernel-farm/configSubmit", 403, 403, 405, 405, 405, 405, 405));

    private static final List<Row> CHANGE = List.of(
            new Row("kernel-farm/promote", 403, 403, 403, 403, 409, 403, 409),
            new Row("kernel-farm/undo", 403, 403, 403, 403, 409, 403, 409),
            new Row(SETTINGS + "checkMemory", 403, 403, 403, 403, 403, 200, 200),
            new Row(SETTINGS + "checkRepositoryUrl", 403, 403, 403, 403, 403, 200, 200),
            new Row(SETTINGS + "checkSigningKeyCredentialsId", 403, 403, 403, 403, 403, 200, 200),
            new Row(CHANNEL + "checkName", 403, 403, 403, 403, 403, 200, 200),
            new Row(CHANNEL + "checkKeep", 403, 403, 403, 403, 403, 200, 200));

    private static final Map<String, String> FORM =
            Map.of("run", "20990102T030405Z-abcdef", "channel", "stable", "value", "1");

    @TempDir
    private Path folder;

    @Test
    void eachRoleGetsFromEachUrlWhatItMay() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare()
                .user("rita", "Job/Read")
                .user("norman")
                .user("dora")
                .user("polly", "Kernel Farm/Promote")
                .user("connie", "Kernel Farm/Configure"))) {
            RunLayout run = SampleJenkins.run(folder, RUN, "6.1.192-farm1", 1, SampleRun.allPass());
            SampleJenkins.publishing(jenkins, "kernels", run);
            jenkins.build("kernels").expect("SUCCESS");
            // Not even Overall/Read is left to dora.
            jenkins.script("""
                    import io.jenkins.plugins.kernelfarm.KernelFarmPermissions
                    import jenkins.model.Jenkins
                    def before = Jenkins.get().authorizationStrategy
                    def after = new hudson.security.GlobalMatrixAuthorizationStrategy()
                    before.grantedPermissionEntries.each { permission, entries ->
                        entries.each { if (it.sid != 'dora') { after.add(permission, it) } }
                    }
                    after.add(KernelFarmPermissions.DOWNLOAD, 'dora')
                    Jenkins.get().authorizationStrategy = after
                    """);
            List<String> wrong = new ArrayList<>();
            for (int role = 0; role < ROLES.size(); role++) {
                JenkinsClient who = client(jenkins, ROLES.get(role));
                for (Row row : READ) {
                    note(
                            wrong,
                            ROLES.get(role),
                            follow(who, row.path()),
                            row.expected().get(role));
                }
                for (Row row : CHANGE) {
                    note(
                            wrong,
                            ROLES.get(role),
                            who.post(row.path(), FORM),
                            row.expected().get(role));
                }
                // Whoever it is, a page elsewhere cannot have it done in their name.
                for (Row row : CHANGE) {
                    note(wrong, ROLES.get(role), who.postWithoutCrumb(row.path(), FORM), 403);
                }
                note(wrong, ROLES.get(role), who.postWithoutCrumb("kernel-farm/configSubmit", FORM), 403);
            }
            assertThat(wrong).isEmpty();
            for (String role : List.of("norman", "rita", "polly", "dora", "anonymous")) {
                assertThat(client(jenkins, role)
                                .post("kernel-farm/configSubmit", Map.of("json", "{\"memory\":\"999\"}"))
                                .status())
                        .isEqualTo(403);
            }
            assertThat(jenkins.script("print io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get().memory"))
                    .isEqualTo("512");
            // Jenkins notes each request without a crumb.
            assertThat(jenkins.complaints()).allMatch(one -> one.contains("CrumbFilter#doFilter: No valid crumb"));
        }
    }

    private static JenkinsClient client(RealJenkins jenkins, String role) {
        return role.equals("anonymous") ? jenkins.anonymous() : jenkins.as(role);
    }

    private static JenkinsClient.Reply follow(JenkinsClient who, String path) throws Exception {
        JenkinsClient.Reply reply = who.get(path);
        if (reply.status() == 302) {
            String to = reply.header("Location").orElseThrow().replaceFirst("^https?://[^/]*", "");
            return who.get(to.replaceFirst("^/", ""));
        }
        return reply;
    }

    private static void note(List<String> wrong, String role, JenkinsClient.Reply reply, int expected) {
        if (reply.status() != expected) {
            wrong.add(role + ": " + reply.request() + " gave " + reply.status() + " instead of " + expected);
        }
    }
}
