package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.ChildProcesses;
import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Jenkins that runs on this machine, for this machine alone. Its port for agents is closed: they come by WebSocket. */
public final class JenkinsServer implements AutoCloseable {

    /** A Jenkins with a hundred plugins on a busy machine takes its time. */
    private static final Duration START = Duration.ofMinutes(10);

    private static final Duration STOP = Duration.ofSeconds(60);

    private final Process process;
    private final URI url;
    private final JenkinsHome home;

    private JenkinsServer(Process process, URI url, JenkinsHome home) {
        this.process = process;
        this.url = url;
        this.home = home;
    }

    /**
     * How it is started.
     *
     * @param port 0 takes a free one
     * @param javaOptions such as {@code -Xmx1g}, before those that every start has
     * @param environment variables beside those of this process
     */
    public record Options(int port, List<String> javaOptions, Map<String, String> environment) {
        public Options {
            javaOptions = List.copyOf(javaOptions);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Starts {@code distribution} on {@code home}, and waits until it answers.
     *
     * @throws FarmException the farm's fault, with Jenkins' last words, if it does not come up
     */
    public static JenkinsServer start(JenkinsDistribution distribution, JenkinsHome home, Options options)
            throws IOException, InterruptedException {
        int port = options.port() == 0 ? freePort() : options.port();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options.javaOptions());
        command.addAll(List.of(
                "-Djava.awt.headless=true",
                "-Djenkins.install.runSetupWizard=false",
                "-Djenkins.model.Jenkins.slaveAgentPort=-1",
                "-Djenkins.model.Jenkins.slaveAgentPortEnforce=true",
                // It asks nobody outside: neither for plugins and tools, nor to be counted.
                "-Dhudson.model.UpdateCenter.never=true",
                "-Dhudson.model.DownloadService.never=true",
                "-Dhudson.model.UsageStatistics.disabled=true",
                "-Dcasc.jenkins.config=" + home.casc()));
        command.addAll(distribution.program(home.unpackedWar()));
        command.addAll(List.of("--httpListenAddress=127.0.0.1", "--httpPort=" + port));
        Files.createDirectories(home.root());
        Files.createDirectories(home.casc());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()));
        builder.environment().put("JENKINS_HOME", home.root().toString());
        // A builder's own: Jenkins' children would take them for theirs.
        builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(options.environment());
        JenkinsServer server = new JenkinsServer(ChildProcesses.start(builder), url(port), home);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.kill();
            throw e;
        }
    }

    static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Jenkins says 503 while it starts, and 200 or, to people that it does not know, 403 once it has. */
    private void awaitReady() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(url.resolve("login"))
                .timeout(Duration.ofSeconds(30))
                .build();
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw failed("it ended with " + process.exitValue());
            }
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status == 500) {
                    throw failed("it answers with an error"); // For example of its configuration.
                }
                if (status != 503) {
                    return;
                }
            } catch (IOException e) {
                // Nobody listens yet.
            }
            Thread.sleep(200);
        }
        throw failed("it was not ready after " + START.toMinutes() + " minutes");
    }

    private FarmException failed(String how) throws IOException {
        List<String> said = Files.readAllLines(home.log());
        String cause = said.stream()
                .filter(line -> line.matches("(Caused by: )?[\\w.$]+(Exception|Error): .+"))
                .reduce((first, second) -> second)
                .orElse(said.isEmpty() ? "it said nothing" : said.get(said.size() - 1));
        return FarmException.farm(
                "Jenkins did not start: " + how + " (" + cause.strip() + "); all that it said is in " + home.log());
    }

    /** Where it is, with a slash at the end. */
    public URI url() {
        return url;
    }

    public JenkinsHome home() {
        return home;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Waits until it ends by itself, as when somebody shuts it down by its own pages. */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it at once, as a power cut does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops it: TERM, and KILL if that is not enough. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
