package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.dashboard.Browser;
import io.kernelfarm.pipelines.jenkins.JenkinsAgent;
import io.kernelfarm.pipelines.jenkins.JenkinsDistribution;
import io.kernelfarm.pipelines.jenkins.JenkinsFarm;
import io.kernelfarm.pipelines.jenkins.JenkinsHome;
import io.kernelfarm.pipelines.jenkins.JenkinsPlugin;
import io.kernelfarm.pipelines.jenkins.JenkinsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A real Jenkins with the packed plugin in it, and with a home that is new. Tests that use it are called {@code …OnJenkinsTest} and
 * tagged {@code jenkins}; {@link #prepare} skips them if no distribution is given.
 *
 * <pre>
 * try (RealJenkins jenkins = RealJenkins.prepare().plugins("workflow-aggregator").user("rita", "Job/Read").start()) {
 *     jenkins.pipeline("hello", "node { farm 'doctor' }");
 *     BuildOf build = jenkins.build("hello");   // SUCCESS, and all its log
 *     jenkins.as("rita").get("job/hello/api/json").expect(200);
 * }
 * </pre>
 *
 * <p>{@code admin} may do everything; each user's password is {@link #password}. There are two executors on the controller itself.
 */
public final class RealJenkins implements AutoCloseable {

    private static final Path HPI = Path.of("target", "kernel-farm.hpi");
    private static final Path RECORD = Path.of("target", "real-jenkins.txt");
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final JenkinsDistribution distribution;
    private final JenkinsHome home;
    private final JenkinsServer.Options options;
    private final Map<String, JenkinsAgent> agents = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Optional<JenkinsFarm> farm;
    private JenkinsServer server;

    private RealJenkins(JenkinsDistribution distribution, JenkinsHome home, JenkinsServer.Options options)
            throws IOException, InterruptedException {
        this.distribution = distribution;
        this.home = home;
        this.options = options;
        this.server = JenkinsServer.start(distribution, home, options);
        this.farm = Optional.empty();
    }

    private RealJenkins(JenkinsDistribution distribution, JenkinsFarm farm) {
        this.distribution = distribution;
        this.home = farm.server().home();
        this.options = new JenkinsServer.Options(0, List.of(), Map.of());
        this.server = farm.server();
        this.farm = Optional.of(farm);
    }

    /** What a Jenkins shall have before it starts. */
    public static final class Preparation {
        private JenkinsDistribution distribution;
        private final Set<String> plugins = new LinkedHashSet<>();
        private final Map<String, List<String>> users = new LinkedHashMap<>();
        private final Map<String, String> casc = new LinkedHashMap<>();
        private final Map<String, String> scripts = new LinkedHashMap<>();
        private final List<String> javaOptions = new ArrayList<>(List.of("-Xmx1g"));
        private final List<Path> others = new ArrayList<>();
        private Path hpi = HPI;
        private boolean secured = true;
        private int port;

        private Preparation(JenkinsDistribution distribution) {
            this.distribution = distribution;
        }

        public JenkinsDistribution distribution() {
            return distribution;
        }

        /** Another Jenkins than the one that was given. */
        public Preparation distribution(JenkinsDistribution other) {
            distribution = other;
            return this;
        }

        /** The distribution's plugins of these names, and those that they need; without this only ours is there, and those that it needs. */
        public Preparation plugins(String... names) {
            return plugins(List.of(names));
        }

        public Preparation plugins(Collection<String> names) {
            plugins.addAll(names);
            return this;
        }

        /** The plugins that a Pipeline with the step {@code farm} needs. */
        public Preparation pipelines() {
            return plugins("workflow-job", "workflow-cps", "workflow-basic-steps", "workflow-durable-task-step");
        }

        /**
         * A user who may read Jenkins, and what {@code permissions} name besides, as in {@code Job/Build}; this needs the plugin
         * matrix-auth, which is added.
         */
        public Preparation user(String name, String... permissions) {
            users.put(name, List.of(permissions));
            plugins.add("matrix-auth");
            return this;
        }

        /** Leaves users and their rights to the test, which says who may do what by {@link #casc} or {@link #script}. */
        public Preparation unsecured() {
            secured = false;
            return this;
        }

        /** A file for configuration-as-code, whose plugin is added. */
        public Preparation casc(String yaml) {
            casc.put(casc.size() + ".yaml", yaml);
            plugins.add("configuration-as-code");
            return this;
        }

        /** Pages that are dark in a browser that likes it so, by the plugin dark-theme. */
        public Preparation darkTheme() {
            plugins.add("dark-theme");
            return script("""
                    def themes = io.jenkins.plugins.thememanager.ThemeManagerPageDecorator.get()
                    themes.theme = new io.jenkins.plugins.darktheme.DarkThemeSystemManagerFactory()
                    themes.save()
                    """);
        }

        /** A script in Groovy that runs each time that Jenkins has loaded. */
        public Preparation script(String groovy) {
            scripts.put("test-" + scripts.size() + ".groovy", groovy);
            return this;
        }

        public Preparation javaOption(String option) {
            javaOptions.add(option);
            return this;
        }

        public Preparation port(int number) {
            port = number;
            return this;
        }

        /** A plugin that is no part of the distribution. */
        public Preparation plugin(Path file) {
            others.add(file);
            return this;
        }

        /** Another file than the one just built. */
        public Preparation hpi(Path file) {
            hpi = file;
            return this;
        }

        public RealJenkins start() throws IOException, InterruptedException {
            JenkinsHome home = new JenkinsHome(Files.createTempDirectory("kernel-farm-jenkins-"));
            assertThat(hpi).as("the packed plugin; build it by 'mvn package'").isRegularFile();
            JenkinsPlugin ours = JenkinsPlugin.read(hpi);
            plugins.addAll(ours.dependencies());
            home.install(distribution.withDependencies(plugins));
            home.installCopy(ours);
            for (Path other : others) {
                home.installCopy(JenkinsPlugin.read(other));
            }
            if (secured) {
                home.script("a-users.groovy", RealUsers.script(users));
            }
            for (Map.Entry<String, String> one : casc.entrySet()) {
                home.configure(one.getKey(), one.getValue());
            }
            for (Map.Entry<String, String> one : scripts.entrySet()) {
                home.script(one.getKey(), one.getValue());
            }
            return new RealJenkins(distribution, home, new JenkinsServer.Options(port, javaOptions, Map.of()));
        }

        /** What {@code ./farm jenkins} starts: agents, settings and jobs of pipelines/jenkins, where only {@code admin} is. */
        public RealJenkins farm(Path spec) throws IOException, InterruptedException {
            Path place = Files.createTempDirectory("kernel-farm-jenkins-");
            return new RealJenkins(
                    distribution, JenkinsFarm.start(new JenkinsFarm.Wish(distribution, hpi, spec, place, port)));
        }
    }

    /** Skips the test, with the reason, if no distribution is given; notes for the end of Maven's run that one ran. */
    public static Preparation prepare() throws IOException {
        String place = System.getProperty("jenkins.dist", "");
        assumeTrue(
                !place.isEmpty(),
                "No real Jenkins was started: none was given. Give one with -Djenkins.dist=DIR, where DIR/jenkins.war or"
                        + " DIR/war is Jenkins and DIR/plugins has plugins.");
        JenkinsDistribution distribution = JenkinsDistribution.in(Path.of(place));
        Files.writeString(
                RECORD, "Tests ran on a real Jenkins " + distribution.version() + " (-Djenkins.dist=" + place + ").\n");
        return new Preparation(distribution);
    }

    /** Everything here: its passwords are those of a Jenkins that lives for one test. */
    public String password(String user) {
        if (farm.isEmpty()) {
            return user + "-password";
        }
        try {
            return Files.readString(farm.get().passwordFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return server.url().toString();
    }

    public Path home() {
        return home.root();
    }

    public long pid() {
        return server.pid();
    }

    public JenkinsDistribution distribution() {
        return distribution;
    }

    /** Whoever may do everything. */
    public JenkinsClient admin() {
        return as("admin");
    }

    /** {@code user}, who shows a password with every request, and a crumb with those that change something. */
    public JenkinsClient as(String user) {
        return new JenkinsClient(http, server.url(), user, password(user));
    }

    public JenkinsClient anonymous() {
        return new JenkinsClient(http, server.url(), "", "");
    }

    /** Runs {@code groovy} inside Jenkins; what it prints is returned. */
    public String script(String groovy) throws IOException, InterruptedException {
        String said =
                admin().post("scriptText", Map.of("script", groovy)).expect(200).text();
        assertThat(said).as(groovy).doesNotContain("Exception: ", "\tat ");
        return said.strip();
    }

    /** Makes a job of its {@code config.xml}; one of that name is replaced. */
    public void job(String name, String xml) throws IOException, InterruptedException {
        if (admin().get("job/" + name + "/config.xml").status() == 200) {
            admin().postXml("job/" + name + "/config.xml", xml).expect(200);
        } else {
            admin().postXml("createItem?name=" + name, xml).expect(200);
        }
    }

    /** Makes a Pipeline job, whose script runs in Jenkins' sandbox. */
    public void pipeline(String name, String script) throws IOException, InterruptedException {
        job(name, """
                <flow-definition>
                  <definition class="org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition">
                    <script>%s</script>
                    <sandbox>true</sandbox>
                  </definition>
                </flow-definition>
                """.formatted(escape(script)));
    }

    /** Makes a freestyle job; {@code builders} and {@code publishers} are XML elements. */
    public void freestyle(String name, String builders, String publishers) throws IOException, InterruptedException {
        job(name, """
                <project>
                  <builders>%s</builders>
                  <publishers>%s</publishers>
                </project>
                """.formatted(builders, publishers));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Starts a build; returns its number once it has begun. */
    public int begin(String job, Map<String, String> parameters) throws IOException, InterruptedException {
        int number = admin().json("job/" + job + "/api/json?tree=nextBuildNumber")
                .get("nextBuildNumber")
                .asInt();
        admin().post("job/" + job + (parameters.isEmpty() ? "/build" : "/buildWithParameters"), parameters)
                .expect(201);
        await(
                "build " + number + " of " + job + " to begin",
                () -> admin().get("job/" + job + "/" + number + "/api/json").status() == 200);
        return number;
    }

    /** A finished build. */
    public record BuildOf(String job, int number, String result, String console) {
        public BuildOf expect(String wanted) {
            assertThat(result).as(() -> job + " " + number + ":\n" + console).isEqualTo(wanted);
            return this;
        }

        public String path() {
            return "job/" + job + "/" + number + "/";
        }
    }

    public BuildOf build(String job) throws IOException, InterruptedException {
        return build(job, Map.of());
    }

    public BuildOf build(String job, Map<String, String> parameters) throws IOException, InterruptedException {
        return await(job, begin(job, parameters));
    }

    /** Waits until a build has ended. */
    public BuildOf await(String job, int number) throws IOException, InterruptedException {
        String build = "job/" + job + "/" + number;
        await(build + " to end", () -> {
            JsonNode state = admin().json(build + "/api/json?tree=building,result");
            return !state.get("building").asBoolean() && !state.get("result").isNull();
        });
        return new BuildOf(
                job,
                number,
                admin().json(build + "/api/json?tree=result").get("result").asText(),
                console(job, number));
    }

    public String console(String job, int number) throws IOException, InterruptedException {
        return admin().get("job/" + job + "/" + number + "/consoleText")
                .expect(200)
                .text();
    }

    /** Waits until {@code line} is in a build's log. */
    public void awaitConsole(String job, int number, String line) throws IOException, InterruptedException {
        await("'" + line + "' in the log of " + job + " " + number, () -> console(job, number)
                .contains(line));
    }

    /** What somebody waits for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    public static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long for " + what).isLessThan(end);
            Thread.sleep(200);
        }
    }

    /** Adds an agent with {@code labels}, separated by blanks, as a process of its own; returns its folder. */
    public Path agent(String name, String labels, int executors) throws IOException, InterruptedException {
        script("""
                def agent = new hudson.slaves.DumbSlave('%s', '%s', new hudson.slaves.JNLPLauncher(true))
                agent.labelString = '%s'
                agent.numExecutors = %d
                agent.retentionStrategy = hudson.slaves.RetentionStrategy.INSTANCE
                jenkins.model.Jenkins.get().addNode(agent)
                """.formatted(name, agentFolder(name).resolve("work"), labels, executors));
        return reconnect(name);
    }

    /** Starts the agent's process anew, as after {@link #killAgent}. */
    public Path reconnect(String name) throws IOException, InterruptedException {
        String secret = script("print jenkins.model.Jenkins.get().getComputer('" + name + "').jnlpMac");
        agents.put(name, JenkinsAgent.start(server.url(), name, secret, agentFolder(name)));
        await("agent " + name, () -> !admin().json("computer/" + name + "/api/json?tree=offline")
                .get("offline")
                .asBoolean());
        return agentFolder(name);
    }

    /** Ends the agent's process as a power cut does. */
    public void killAgent(String name) throws InterruptedException {
        agents.remove(name).kill();
    }

    public Path agentFolder(String name) {
        return home.root().resolveSibling(home.root().getFileName() + "-agents").resolve(name);
    }

    /** Stops Jenkins, as its service does, and starts it again on the same home and port. Agents come back by themselves. */
    public void restart() throws IOException, InterruptedException {
        server.close();
        startAgain();
    }

    /** The same without giving it time to write anything down. */
    public void crash() throws IOException, InterruptedException {
        server.kill();
        startAgain();
    }

    private void startAgain() throws IOException, InterruptedException {
        server = JenkinsServer.start(
                distribution, home, new JenkinsServer.Options(server.url().getPort(), options.javaOptions(), Map.of()));
    }

    public String log() throws IOException {
        return Files.readString(home.log());
    }

    /** What Jenkins has to say about the plugin at WARNING or above, each with the lines that belong to it. */
    public List<String> complaints() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String line : log().lines().toList()) {
            // 2026-11-26 13:40:02.123+0000 [id=1]  INFO  hudson.WebAppMain#run: ...
            if (line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:.*") || entries.isEmpty()) {
                entries.add(line);
            } else {
                entries.set(entries.size() - 1, entries.get(entries.size() - 1) + "\n" + line);
            }
        }
        return entries.stream()
                .filter(entry -> entry.contains("\tWARNING\t") || entry.contains("\tSEVERE\t"))
                .filter(entry -> entry.matches("(?is).*kernel-?farm.*") && !onlyMentionsTheHome(entry))
                .toList();
    }

    /** The home's name has the farm's in it. */
    private boolean onlyMentionsTheHome(String entry) {
        String rest = entry.replace(home.root().getFileName().toString(), "");
        return !rest.matches("(?is).*kernel-?farm.*");
    }

    /** A browser in which {@code user} has logged in; close it. */
    public Browser browser(String user) {
        Browser browser = new Browser();
        browser.open(url() + "login");
        browser.find("[name=j_username]").sendKeys(user);
        browser.find("[name=j_password]").sendKeys(password(user));
        browser.find("[name=Submit]").click();
        browser.awaitTrue("document.readyState === 'complete' && !document.querySelector('[name=j_password]')"
                + " && !location.pathname.includes('login')");
        return browser;
    }

    /** Pictures of {@code path} in {@code target/screenshots}, light and dark: this Jenkins must have {@link Preparation#darkTheme}. */
    public void screenshots(Browser browser, String path, String name) throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            browser.dark(dark).open(url() + path);
            assertThat(browser.run("return document.documentElement.dataset.theme"))
                    .as("the theme of " + path)
                    .isEqualTo("dark-system");
            browser.screenshot(PICTURES.resolve(name + (dark ? "-dark" : "") + ".png"));
        }
        browser.dark(false);
    }

    /** Stops everything, and removes the home. */
    @Override
    public void close() throws IOException {
        for (JenkinsAgent agent : agents.values()) {
            agent.close();
        }
        farm.ifPresentOrElse(JenkinsFarm::close, server::close);
        if (System.getProperty("jenkins.keep") == null) {
            FileTrees.delete(home.root()); // Links to the distribution are removed, not followed.
            FileTrees.delete(agentFolder("x").getParent());
        }
    }
}
