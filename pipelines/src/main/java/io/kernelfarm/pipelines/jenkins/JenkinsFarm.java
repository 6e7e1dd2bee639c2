package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.openpgp.UnusableKeyException;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Xdg;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Jenkins on this machine with the plugin, three agents and a job that can be started by one click, as {@code pipelines/jenkins/} has
 * them. Its home is kept from one start to the next; a part of it is the farm's:
 *
 * <pre>
 * kernel-farm-setup/pipelines/   a copy of pipelines/jenkins/, and kernel.yaml
 * kernel-farm-setup/secrets/     KERNEL_FARM_ADMIN_PASSWORD and KERNEL_FARM_SIGNING_KEY, made at the first start
 * kernel-farm-setup/agents/      one folder for each agent
 * </pre>
 */
public final class JenkinsFarm implements AutoCloseable {

    private static final String USER = "admin";
    private static final List<String> AGENTS = List.of("builder", "boot-1", "boot-2");
    private static final List<String> FILES = List.of("Jenkinsfile", "casc.yaml", "plugins.txt", "seed.groovy");
    private static final String KEY_OWNER = "Kernel Farm on Jenkins <kernel-farm@localhost>";
    private static final Pattern SECRET = Pattern.compile("<argument>([0-9a-f]{64})</argument>");

    private final JenkinsServer server;
    private final List<JenkinsAgent> agents = new ArrayList<>();
    private final Setup setup;

    /** The paths of what the farm puts into a home. */
    private record Setup(Path root) {
        Path pipelines() {
            return root.resolve("pipelines");
        }

        Path spec() {
            return pipelines().resolve("kernel.yaml");
        }

        Path secrets() {
            return root.resolve("secrets");
        }

        Path password() {
            return secrets().resolve("KERNEL_FARM_ADMIN_PASSWORD");
        }

        Path signingKey() {
            return secrets().resolve("KERNEL_FARM_SIGNING_KEY");
        }

        Path agents() {
            return root.resolve("agents");
        }
    }

    /**
     * What is started.
     *
     * @param plugin the packed plugin, {@code kernel-farm.hpi}
     * @param spec that the job offers, a {@code kernel.yaml}
     * @param port 0 takes a free one
     */
    public record Wish(JenkinsDistribution distribution, Path plugin, Path spec, Path home, int port) {}

    private JenkinsFarm(JenkinsServer server, Setup setup) {
        this.server = server;
        this.setup = setup;
    }

    /** A home of the user's own. */
    public static Path standardHome() {
        return Xdg.folder("XDG_STATE_HOME", ".local/state").resolve("jenkins");
    }

    /**
     * Starts it, and waits until its agents are on their way.
     *
     * @throws FarmException wrong usage, if something that is needed is not in the distribution; the farm's fault, if Jenkins does not
     *     come up
     */
    public static JenkinsFarm start(Wish wish) throws IOException, InterruptedException {
        if (!Files.isRegularFile(wish.plugin())) {
            throw FarmException.usage(
                    "there is no plugin " + wish.plugin() + "; build it with 'mvn package -pl plugin -am'");
        }
        JenkinsHome home = new JenkinsHome(wish.home());
        Setup setup = new Setup(home.root().resolve("kernel-farm-setup"));
        unpack(setup, wish.spec());
        home.install(wish.distribution().withDependencies(plugins(setup)));
        home.installCopy(JenkinsPlugin.read(wish.plugin()));
        home.configure("casc.yaml", Files.readString(setup.pipelines().resolve("casc.yaml")));
        secrets(setup);
        int port = wish.port() == 0 ? JenkinsServer.freePort() : wish.port();
        JenkinsServer server = JenkinsServer.start(
                wish.distribution(),
                home,
                new JenkinsServer.Options(
                        port,
                        List.of("-Xmx1g"),
                        Map.of(
                                "SECRETS", setup.secrets().toString(),
                                "JENKINS_URL", JenkinsServer.url(port).toString(),
                                "KERNEL_FARM_AGENTS", setup.agents().toString(),
                                "KERNEL_FARM_PIPELINES", setup.pipelines().toString(),
                                "KERNEL_FARM_SPEC", setup.spec().toString())));
        JenkinsFarm farm = new JenkinsFarm(server, setup);
        try {
            farm.startAgents();
        } catch (IOException | InterruptedException | RuntimeException e) {
            farm.close();
            throw e;
        }
        return farm;
    }

    private static void unpack(Setup setup, Path spec) throws IOException {
        Files.createDirectories(setup.pipelines());
        for (String name : FILES) {
            try (InputStream in = JenkinsFarm.class.getResourceAsStream(name)) {
                Files.copy(in, setup.pipelines().resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(spec, setup.spec(), StandardCopyOption.REPLACE_EXISTING);
    }

    /** The names in {@code plugins.txt}. Versions are what was tried; the distribution has those that it has. */
    private static List<String> plugins(Setup setup) throws IOException {
        return Files.readAllLines(setup.pipelines().resolve("plugins.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.replaceFirst(":.*", ""))
                .toList();
    }

    private static void secrets(Setup setup) throws IOException {
        Files.createDirectories(
                setup.secrets(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!Files.exists(setup.password())) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            Files.createFile(
                    setup.password(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(setup.password(), HexFormat.of().formatHex(random));
        }
        try {
            SigningKey.readOrCreate(setup.signingKey(), KEY_OWNER);
        } catch (UnusableKeyException e) {
            throw FarmException.farm(e.getMessage(), e);
        }
    }

    /**
     * Jenkins tells an agent's secret to whoever may connect it. It logs that agents should not start from this address any more, which these
     * do not; the only other place that has the secret is a page for people, and not while somebody has marked the agent as offline.
     */
    private void startAgents() throws IOException, InterruptedException {
        JenkinsHttp http = http();
        for (String name : AGENTS) {
            Matcher secret = SECRET.matcher(http.get("computer/" + name + "/jenkins-agent.jnlp"));
            if (!secret.find()) {
                throw FarmException.farm("Jenkins does not tell how agent " + name + " is to connect; its log is "
                        + server.home().log());
            }
            agents.add(JenkinsAgent.start(
                    url(), name, secret.group(1), setup.agents().resolve(name)));
        }
    }

    public JenkinsServer server() {
        return server;
    }

    JenkinsHttp http() throws IOException {
        return new JenkinsHttp(url(), USER, password());
    }

    public URI url() {
        return server.url();
    }

    /** The job that can be started. */
    public URI job() {
        return url().resolve("job/kernel/");
    }

    /** Who may do everything. */
    public String user() {
        return USER;
    }

    String password() throws IOException {
        return Files.readString(setup.password());
    }

    /** The file with that user's password, which only its owner can read. */
    public Path passwordFile() {
        return setup.password();
    }

    public Path log() {
        return server.home().log();
    }

    /**
     * Waits until Jenkins ends by itself, as when somebody shuts it down by its own pages.
     *
     * @return its exit code
     */
    public int await() throws InterruptedException {
        return server.await();
    }

    @Override
    public void close() {
        agents.forEach(JenkinsAgent::close);
        server.close();
    }
}
