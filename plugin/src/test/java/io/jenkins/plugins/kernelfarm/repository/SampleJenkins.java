package io.jenkins.plugins.kernelfarm.repository;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.kernelfarm.real.RealJenkins;
import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.FarmRun;
import io.kernelfarm.pipelines.RunLayout;
import io.kernelfarm.pipelines.SampleRun;
import io.kernelfarm.pipelines.TestKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A Jenkins with a key, and runs whose kernel is a sample and whose packages are real. */
final class SampleJenkins {
    static final String KEY = "farm-key";

    private SampleJenkins() {}

    /** With the plugins that keep keys, and the key of the tests among Jenkins' own credentials. */
    static RealJenkins.Preparation prepare() throws IOException {
        RealJenkins.Preparation preparation = RealJenkins.prepare();
        String key = Base64.getEncoder().encodeToString(Files.readAllBytes(TestKeyFile.file()));
        return preparation.plugins("plain-credentials").script("""
                        import com.cloudbees.plugins.credentials.*
                        import com.cloudbees.plugins.credentials.domains.Domain
                        import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl
                        def provider = SystemCredentialsProvider.instance
                        if (provider.credentials.empty) {
                            provider.credentials.add(new FileCredentialsImpl(CredentialsScope.GLOBAL, '%s', 'signs kernels',
                                'key.asc', SecretBytes.fromBytes('%s'.decodeBase64())))
                            provider.save()
                            def farm = io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get()
                            farm.signingKeyCredentialsId = '%s'
                            farm.save()
                        }
                        """.formatted(KEY, key, KEY));
    }

    /** Starts it, and has it know where it is, as somebody who sets up a Jenkins does. */
    static RealJenkins start(RealJenkins.Preparation preparation) throws IOException, InterruptedException {
        RealJenkins jenkins = preparation.start();
        jenkins.script("jenkins.model.JenkinsLocationConfiguration.get().url = '" + jenkins.url() + "'");
        return jenkins;
    }

    /** A run that is built, packaged with what its scripts call, and booted; no package of it is published. */
    static RunLayout run(Path folder, String id, String release, int seed, Map<Mode, Verdict> verdicts)
            throws IOException {
        FarmRun.Places places = SampleRun.places(folder);
        RunLayout run = SampleRun.built(places, id, release, "1", seed, "channel: stable\nkeep: {stable: 1}\n");
        FarmRun.pack(run, places, event -> {});
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        BaseSystem.deb(run.packages(), empty);
        BaseSystem.rpm(run.packages(), empty);
        SampleRun.boot(run, verdicts);
        return run;
    }

    /** Publishes it, as the post-build action does with a build of the job {@code sample}; what it says is returned. */
    static String publish(RealJenkins jenkins, RunLayout run) throws IOException, InterruptedException {
        return jenkins.script("""
                def said = new ByteArrayOutputStream()
                def log = new hudson.util.StreamTaskListener(said)
                def jenkins = jenkins.model.Jenkins.get()
                def job = jenkins.getItem('sample') ?: jenkins.createProject(hudson.model.FreeStyleProject, 'sample')
                try {
                    io.jenkins.plugins.kernelfarm.repository.ControllerRepository.get()
                        .publish(java.nio.file.Path.of('%s'), job.scheduleBuild2(0).get(), log)
                    print said.toString() + 'published'
                } catch (IOException e) {
                    print said.toString() + e.message
                }
                """.formatted(run.root()));
    }

    /** A job whose build N collects and publishes the Nth run. */
    static void publishing(RealJenkins jenkins, String job, RunLayout... runs)
            throws IOException, InterruptedException {
        StringBuilder copy = new StringBuilder("rm -rf out\nmkdir -p out/runs\ncase $BUILD_NUMBER in\n");
        for (int i = 0; i < runs.length; i++) {
            copy.append(i + 1).append(") cp -a ").append(runs[i].root()).append(" out/runs/ ;;\n");
        }
        jenkins.freestyle(
                job,
                "<hudson.tasks.Shell><command>" + copy + "esac</command></hudson.tasks.Shell>",
                "<io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher><runs>out/runs/2*</runs>"
                        + "<publish>true</publish></io.jenkins.plugins.kernelfarm.collect.KernelFarmPublisher>");
    }

    /** The runs that a channel has, the newest first. */
    static List<String> channel(RealJenkins jenkins, String name) throws IOException, InterruptedException {
        for (JsonNode channel :
                jenkins.admin().json("kernel-farm/api/json?depth=2").path("channels")) {
            if (channel.path("name").asText().equals(name)) {
                return channel.path("kernels").findValuesAsText("run");
            }
        }
        throw new AssertionError("there is no channel " + name);
    }

    /** Lets apt and dnf in without a token. */
    static void open(RealJenkins jenkins) throws IOException, InterruptedException {
        jenkins.script("""
                def farm = io.jenkins.plugins.kernelfarm.KernelFarmConfiguration.get()
                farm.anonymousDownload = true
                farm.save()
                """);
    }

    /** What a user copies to have apt and dnf know the repositories, as a file in {@code folder}. */
    static Path fetched(RealJenkins jenkins, Path folder, String name) throws IOException, InterruptedException {
        return Files.write(
                Files.createDirectories(folder).resolve(name),
                jenkins.admin()
                        .get("kernel-farm/repository/" + name)
                        .expect(200)
                        .bytes());
    }
}
