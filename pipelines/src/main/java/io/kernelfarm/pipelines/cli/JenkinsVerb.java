package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.ChildProcesses;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.jenkins.JenkinsDistribution;
import io.kernelfarm.pipelines.jenkins.JenkinsDownload;
import io.kernelfarm.pipelines.jenkins.JenkinsFarm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm jenkins}. */
@Command(
        name = "jenkins",
        description =
                "Starts a Jenkins with the plugin, three agents and a job, for this machine alone, until it is stopped.",
        mixinStandardHelpOptions = true)
final class JenkinsVerb implements Callable<Integer> {

    /** Of the launcher, which builds the plugin. */
    private static final String PLUGIN = System.getProperty("farm.plugin", "plugin/target/kernel-farm.hpi");

    private static final Duration GRACE = Duration.ofSeconds(30);

    @Mixin
    private Options options;

    @Mixin
    private Options.SpecOption spec;

    @Mixin
    private Parts parts;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Jenkins' own folder, kept from one start to the next (default: jenkins in"
                    + " $XDG_STATE_HOME/kernel-farm or ~/.local/state/kernel-farm)")
    private Path home;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8090",
            description = "where it listens; 0 takes a free port (default: ${DEFAULT-VALUE})")
    private int port;

    /** The options that name a Jenkins and the plugin. */
    static final class Parts {
        @Option(
                names = "--dist",
                paramLabel = "DIR",
                defaultValue = "${env:JENKINS_DIST}",
                description = "a folder with jenkins.war, or an unpacked one in war/, and plugins in plugins/ (default:"
                        + " $JENKINS_DIST)")
        private Path distribution;

        @Option(
                names = "--download",
                paramLabel = "URL",
                defaultValue = "${env:JENKINS_DOWNLOADS}",
                description =
                        "a mirror of Jenkins' downloads, with war-stable/ and plugins/ in it, where the Jenkins that"
                                + " this was tried with comes from if no folder is named; it is kept in the cache (default:"
                                + " $JENKINS_DOWNLOADS)")
        private String download;

        @Option(
                names = "--plugin",
                paramLabel = "FILE",
                description = "the packed plugin (default: the one that was built here)")
        private Path plugin = Path.of(PLUGIN);

        /**
         * The Jenkins that was named, or that is downloaded.
         *
         * @throws FarmException wrong usage, if there is none
         */
        JenkinsDistribution distribution(CacheLayout cache, Progress progress) throws IOException {
            if (distribution != null && !distribution.toString().isEmpty()) {
                return JenkinsDistribution.in(distribution);
            }
            if (download != null && !download.isEmpty()) {
                return new JenkinsDownload(JenkinsDownload.mirror(download), JenkinsDownload.pinned(), cache)
                        .fetch(progress);
            }
            throw FarmException.usage(
                    "no Jenkins is named; unpack one into a folder (jenkins.war, and plugins/ with those that"
                            + " pipelines/jenkins/plugins.txt lists and what they need), and name it with --dist DIR or"
                            + " JENKINS_DIST=DIR, or name a mirror of Jenkins' downloads with --download URL or"
                            + " JENKINS_DOWNLOADS=URL");
        }

        Path plugin() {
            return plugin;
        }
    }

    /** Has Ctrl-C and TERM end Jenkins with its agents and whatever they build. */
    static void stopWithThis() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ChildProcesses.stopAll(GRACE), "stop"));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        spec.read(); // What is wrong with it is said before anything starts.
        JenkinsDistribution jenkins = parts.distribution(options.places().cache(), options.notes());
        options.notes().note("starting Jenkins " + jenkins.version());
        stopWithThis();
        try (JenkinsFarm farm = JenkinsFarm.start(new JenkinsFarm.Wish(
                jenkins, parts.plugin(), spec.file(), home == null ? JenkinsFarm.standardHome() : home, port))) {
            if (options.json()) {
                System.out.println(Json.text(new Started(
                        farm.url().toString(),
                        farm.job().toString(),
                        farm.user(),
                        farm.passwordFile().toString(),
                        farm.log().toString())));
            } else {
                System.out.println("Jenkins:   " + farm.url());
                System.out.println("Log in as: " + farm.user() + ", with the password in " + farm.passwordFile());
                System.out.println("Begin at:  " + farm.job() + " (Build with Parameters, Build)");
                System.out.println("Its log:   " + farm.log());
            }
            System.out.flush();
            return farm.await() == 0 ? 0 : FarmException.Blame.FARM.exitCode();
        }
    }

    private record Started(String url, String job, String user, String passwordFile, String log) {}
}
