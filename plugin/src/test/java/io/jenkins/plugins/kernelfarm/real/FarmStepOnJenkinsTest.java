package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The step {@code farm} of a Pipeline, on an agent. */
@Tag("jenkins")
class FarmStepOnJenkinsTest {

    @AutoClose
    private static RealJenkins jenkins;

    @BeforeAll
    static void start() throws Exception {
        jenkins =
                RealJenkins.prepare().pipelines().plugins("credentials-binding").start();
        jenkins.agent("one", "builder", 2);
    }

    @Test
    void theProgramComesWithThePlugin() throws Exception {
        jenkins.pipeline("version", """
                node('builder') {
                    echo 'it says ' + farm(verb: '--version', returnStdout: true)
                }
                """);

        assertThat(jenkins.build("version").expect("SUCCESS").console()).contains("it says Kernel Farm 0.1.0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, FAILURE, SUCCESS, after",
        "1, FAILURE, FAILURE, The farm ended with 1: the kernel failed",
        "1, UNSTABLE, UNSTABLE, after",
        "2, UNSTABLE, FAILURE, The farm ended with 2: the farm does not accept",
        "3, UNSTABLE, NOT_BUILT, The farm ended with 3: the farm itself failed",
        "137, FAILURE, NOT_BUILT, The farm ended with 137: the farm itself failed",
    })
    void exitCodesBecomeResults(int code, String kernelFailure, String result, String said) throws Exception {
        jenkins.pipeline("exit", program("exit " + code) + """
                node('builder') {
                    farm verb: 'run', program: './farm', kernelFailure: '%s'
                    echo 'after'
                }
                """.formatted(kernelFailure));

        assertThat(jenkins.build("exit").expect(result).console()).contains(said);
    }

    @Test
    void aPipelineMayTakeTheExitCodeOrTheOutputItself() throws Exception {
        jenkins.pipeline("raw", program("echo out; exit 3") + """
                node('builder') {
                    echo "code ${farm verb: 'run', program: './farm', returnStatus: true}"
                    farm verb: 'run', program: './farm', returnStdout: true
                }
                """);

        assertThat(jenkins.build("raw").expect("NOT_BUILT").console())
                .contains("code 3")
                .contains("The farm ended with 3: the farm itself failed");
    }

    @Test
    void wrongUsageOfTheRealProgramIsAFailureWithItsWords() throws Exception {
        jenkins.pipeline("usage", "node('builder') { farm 'rnu' }");

        assertThat(jenkins.build("usage").expect("FAILURE").console())
                .contains("farm: Unmatched argument at index 0: 'rnu'")
                .contains("The farm ended with 2: the farm does not accept this command or spec");
    }

    @Test
    void anAgentThatLacksSomethingIsToldWhatTheDoctorFinds() throws Exception {
        jenkins.pipeline("lacks", """
                node('builder') {
                    sh '''
                        mkdir -p dpkg bin
                        for program in bash sh dirname readlink sed dpkg-query apt-get nohup touch sleep cp mv; do
                            ln -sf "$(command -v $program)" bin
                        done
                    '''
                    withEnv(["DPKG_ADMINDIR=${pwd()}/dpkg", "PATH=${pwd()}/bin"]) { farm 'boot' }
                }
                """);

        assertThat(jenkins.build("lacks").expect("NOT_BUILT").console())
                .contains("farm: missing on this machine are: busybox-static ")
                .contains("set KERNEL_FARM_INSTALL=yes to have the farm do that")
                .contains("farm: this is what 'farm doctor' misses:")
                .containsPattern("farm:  MISSING +gcc +missing +compiles the kernel")
                .contains("The farm ended with 3: the farm itself failed");
    }

    @Test
    void twoMayInstallItAtOnceAndWhatIsDamagedIsRepaired() throws Exception {
        Path caches = jenkins.agentFolder("one").resolve("work/caches/kernel-farm");
        deleteTree(caches);
        jenkins.pipeline("twice", """
                parallel(
                    a: { node('builder') { farm '--version' } },
                    b: { node('builder') { farm '--version' } })
                """);

        assertThat(jenkins.build("twice").expect("SUCCESS").console())
                .contains("Kernel Farm: putting the farm's program on the agent, in " + caches);
        Path installed = only(caches);
        Path jar = only(installed.resolve("lib"), "picocli-*.jar");
        Files.write(jar, new byte[] {1, 2, 3});

        assertThat(jenkins.build("twice").expect("SUCCESS").console()).containsPattern("\\(1 of \\d+ files\\)");
        assertThat(jenkins.build("twice").expect("SUCCESS").console()).doesNotContain("putting the farm's program");
    }

    @Test
    void itSurvivesRestartsCrashesAndALostAgentWithEveryLineOnce() throws Exception {
        // A crash in the instant between printing and taking that down may print a line again; so it pauses there.
        jenkins.pipeline("long", program("""
                for i in $(seq 1 400); do
                    echo "line $i."
                    sleep 0.1
                    while [ $i = 200 -a ! -e go ]; do sleep 0.1; done
                done
                exit 1""") + """
                node('builder') { farm verb: 'run', program: './farm', kernelFailure: 'UNSTABLE' }
                """);

        int number = jenkins.begin("long", Map.of());
        jenkins.awaitConsole("long", number, "line 20.");
        jenkins.restart();
        jenkins.awaitConsole("long", number, "line 200.");
        Thread.sleep(5000);
        jenkins.crash();
        jenkins.killAgent("one");
        Files.writeString(jenkins.agentFolder("one").resolve("work/workspace/long/go"), "");
        Thread.sleep(3000);
        jenkins.reconnect("one");

        String console = jenkins.await("long", number).expect("UNSTABLE").console();
        assertThat(console.lines().filter(line -> line.matches("line \\d+\\.")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 400)
                        .mapToObj(i -> "line " + i + ".")
                        .toList());
        assertThat(console).contains("The farm ended with 1: the kernel failed");
    }

    @Test
    void anAbortEndsTheProgramAndRemovesTheSecrets() throws Exception {
        credential(jenkins, "text", "abort-key", "0123456789abcdef");
        jenkins.pipeline("abort", program("""
                trap 'echo asked to stop; sleep 2; echo stopped; exit 3' TERM
                echo "key in $KERNEL_FARM_KEY"
                while :; do sleep 0.2; done""") + """
                node('builder') { farm verb: 'run', program: './farm', signingKey: 'abort-key' }
                """);

        int number = jenkins.begin("abort", Map.of());
        jenkins.awaitConsole("abort", number, "key in ");
        Path workspace = jenkins.agentFolder("one").resolve("work/workspace/abort@tmp");
        assertThat(secretFolders(workspace)).hasSize(1);
        jenkins.admin().post("job/abort/" + number + "/stop", Map.of()).expect(200, 302);

        assertThat(jenkins.await("abort", number).expect("ABORTED").console())
                .contains("asked to stop")
                .contains("stopped");
        assertThat(secretFolders(workspace)).isEmpty();
    }

    @Test
    void secretsAreThereForTheStepAndNowhereElse() throws Exception {
        credential(jenkins, "text", "bmc", "hunter2-hunter2");
        credential(
                jenkins,
                "file",
                "key",
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlFgEZwAAAABYJKwYBBAHaRw8BAQdAn0rW3vYw\n-----END\n");
        credential(jenkins, "user", "root", "user-password-9");
        credential(
                jenkins,
                "ssh",
                "lab",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE\n-----END\n");
        jenkins.pipeline("secrets", program("""
                stat -c '%a %U' "$KERNEL_FARM_KEY" "$KERNEL_FARM_SECRETS"/*
                cat "$KERNEL_FARM_KEY" "$KERNEL_FARM_SECRETS"/*
                for i in 1 2 3 4 5; do cat "$KERNEL_FARM_SECRETS"/a.password | tr -d '\\\\n'; sleep 0.3; done
                """) + """
                node('builder') {
                    farm verb: 'run', program: './farm', signingKey: 'key', secrets: [
                        farmSecret(file: 'a.password', credentialsId: 'bmc'),
                        farmSecret(file: 'b.password', credentialsId: 'root'),
                        farmSecret(file: 'lab1.key', credentialsId: 'lab')]
                    sh 'echo "now ${KERNEL_FARM_KEY:-none} ${KERNEL_FARM_SECRETS:-none}"'
                }
                """);

        RealJenkins.BuildOf build = jenkins.build("secrets").expect("SUCCESS");

        assertThat(build.console())
                .contains("600 ", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n****\n", "now none none")
                .contains("********************")
                .doesNotContain("640 ", "hunter2", "lFgEZwAA", "user-password-9", "b3BlbnNz");
        assertThat(secretFolders(jenkins.agentFolder("one").resolve("work/workspace/secrets@tmp")))
                .isEmpty();
        try (Stream<Path> kept = Files.walk(jenkins.home().resolve("jobs/secrets"))) {
            for (Path file : kept.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as("%s", file)
                        .doesNotContain("hunter2", "lFgEZwAA", "user-password-9", "b3BlbnNz");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signingKey: 'nobody' | There is no credential 'nobody' for the signing key that this job may use",
                "secrets: [farmSecret(file: '../x', credentialsId: 'nobody')] | A secret for the file '../x': A file's name",
                "kernelFailure: 'green' | A kernel that failed cannot make a build 'green'; use FAILURE or UNSTABLE.",
            })
    void whatCannotBeIsAFailureWithOneSentence(String field, String sentence) throws Exception {
        jenkins.pipeline("wrong", "node('builder') { farm verb: '--version', " + field + " }");

        assertThat(jenkins.build("wrong").expect("FAILURE").console()).contains(sentence);
    }

    @Test
    void thePluginSaysNothingInTheLog() throws Exception {
        assertThat(jenkins.complaints()).isEmpty();
    }

    /** A program of the workspace that is called {@code farm}. */
    private static String program(String commands) {
        return """
                node('builder') {
                    writeFile file: 'farm', text: '''#!/bin/bash
                %s
                '''
                    sh 'chmod 755 farm'
                }
                """.formatted(commands);
    }

    /** Adds or replaces a credential; {@code secret} is what is secret of it. */
    static void credential(RealJenkins jenkins, String kind, String id, String secret)
            throws IOException, InterruptedException {
        String text = "'''" + secret.replace("\n", "\\n") + "'''";
        String made =
                switch (kind) {
                    case "text" ->
                        "new org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl(GLOBAL, id, '', Secret.fromString("
                                + text + "))";
                    case "file" ->
                        "new org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl(GLOBAL, id, '', 'key.asc',"
                                + " SecretBytes.fromBytes(" + text + ".bytes))";
                    case "user" ->
                        "new com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl(GLOBAL, id, '', 'admin', "
                                + text + ")";
                    default ->
                        "new com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey(GLOBAL, id, 'root', new"
                                + " com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey.DirectEntryPrivateKeySource("
                                + text + "), '', '')";
                };
        jenkins.script("""
                import com.cloudbees.plugins.credentials.*
                import com.cloudbees.plugins.credentials.domains.Domain
                import hudson.util.Secret
                import static com.cloudbees.plugins.credentials.CredentialsScope.GLOBAL
                def id = '%s'
                def store = SystemCredentialsProvider.instance.store
                store.addCredentials(Domain.global(), %s)
                """.formatted(id, made));
    }

    private static List<Path> secretFolders(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("kernel-farm-"))
                    .toList();
        }
    }

    private static Path only(Path folder) throws IOException {
        return only(folder, "*");
    }

    private static Path only(Path folder, String glob) throws IOException {
        try (var files = Files.newDirectoryStream(folder, glob)) {
            List<Path> all = new ArrayList<>();
            files.forEach(all::add);
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
