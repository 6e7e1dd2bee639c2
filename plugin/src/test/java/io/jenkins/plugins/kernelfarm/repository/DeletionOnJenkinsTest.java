package io.jenkins.plugins.kernelfarm.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of published packages when builds are deleted. */
@Tag("jenkins")
class DeletionOnJenkinsTest {

    @TempDir
    private Path folder;

    private final List<String> ids = new ArrayList<>();

    private RunLayout run() throws IOException {
        String id = "2026010%dT030405Z-abcdef".formatted(ids.size() + 1);
        ids.add(id);
        return SampleJenkins.run(
                folder, id, "6.1.%d-farm1".formatted(190 + ids.size()), ids.size(), SampleRun.allPass());
    }

    private void awaitChannel(RealJenkins jenkins, String channel, String... runs)
            throws IOException, InterruptedException {
        RealJenkins.await(
                "channel " + channel + " to have " + List.of(runs),
                () -> SampleJenkins.channel(jenkins, channel).equals(List.of(runs)));
    }

    private static void delete(RealJenkins jenkins, String what) throws IOException, InterruptedException {
        jenkins.admin().post(what + "/doDelete", Map.of()).expect(200, 302);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(one -> one.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void packagesLeaveWithTheirBuildsAndWhatIsPromotedStays() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare())) {
            Path ours = jenkins.home().resolve("kernel-farm");
            RunLayout[] runs = {run(), run(), run(), run(), run()};
            SampleJenkins.publishing(jenkins, "kernels", runs);
            for (int i = 0; i < runs.length; i++) {
                jenkins.build("kernels").expect("SUCCESS");
            }
            jenkins.admin()
                    .post("kernel-farm/promote", Map.of("run", ids.get(1), "channel", "stable"))
                    .expect(200);

            delete(jenkins, "job/kernels/1");
            delete(jenkins, "job/kernels/2");
            awaitChannel(jenkins, "testing", ids.get(4), ids.get(3), ids.get(2), ids.get(1));
            awaitChannel(jenkins, "stable", ids.get(1));
            RealJenkins.await("nothing to be left of the run", () -> !names(ours.resolve("runs"))
                    .contains(ids.get(0)));
            // It was only kept because it was promoted.
            jenkins.admin()
                    .post("kernel-farm/undo", Map.of("run", ids.get(1), "channel", "stable"))
                    .expect(200);
            awaitChannel(jenkins, "testing", ids.get(4), ids.get(3), ids.get(2));
            awaitChannel(jenkins, "stable");

            // Jenkins' own rotation of builds.
            jenkins.script("""
                    def job = jenkins.model.Jenkins.get().getItem('kernels')
                    job.buildDiscarder = new hudson.tasks.LogRotator('', '1', '', '')
                    job.logRotate()
                    """);
            awaitChannel(jenkins, "testing", ids.get(4));

            // Without a key nothing can be signed; what is due is not lost, not even in a power cut.
            String key = "io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get().with"
                    + " { signingKeyCredentialsId = '%s'; save() }";
            jenkins.script(key.formatted("none"));
            delete(jenkins, "job/kernels/5");
            RealJenkins.await(
                    "Jenkins to say that it cannot", () -> jenkins.log().contains("could not withdraw"));
            assertThat(SampleJenkins.channel(jenkins, "testing")).containsExactly(ids.get(4));
            jenkins.script(key.formatted(SampleJenkins.KEY));
            jenkins.crash();
            awaitChannel(jenkins, "testing");
            assertThat(jenkins.complaints()).noneMatch(one -> !one.contains("could not withdraw"));
            RealJenkins.await(
                    "nothing to be due", () -> names(ours.resolve("builds")).isEmpty());
        }
    }

    @Test
    void aJobTakesItsPackagesAlongUnderWhateverNameItHas() throws Exception {
        try (RealJenkins jenkins = SampleJenkins.start(SampleJenkins.prepare())) {
            RunLayout shared = run();
            RunLayout own = run();
            SampleJenkins.publishing(jenkins, "one", shared, own);
            SampleJenkins.publishing(jenkins, "two", shared);
            for (String job : List.of("one", "one", "two")) {
                jenkins.build(job).expect("SUCCESS");
            }
            // A run's name is the agent's word: a build that has published nothing takes nothing along.
            jenkins.freestyle(
                    "liar",
                    "<hudson.tasks.Shell><command>mkdir -p out/runs; cp -a " + own.root()
                            + " out/runs/</command></hudson.tasks.Shell>",
                    "<io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher><runs>out/runs/2*</runs>"
                            + "</io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher>");
            jenkins.build("liar").expect("SUCCESS");
            delete(jenkins, "job/liar");
            jenkins.admin()
                    .post("job/one/confirmRename", Map.of("newName", "moved"))
                    .expect(200, 302);
            assertThat(SampleJenkins.channel(jenkins, "testing")).containsExactly(own.id(), shared.id());

            delete(jenkins, "job/moved");
            awaitChannel(jenkins, "testing", shared.id());
            delete(jenkins, "job/two");
            awaitChannel(jenkins, "testing");
            assertThat(jenkins.complaints()).isEmpty();
        }
    }
}
