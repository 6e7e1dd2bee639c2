package io.jenkins.plugins.kernelfarm.program;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.TaskListener;
import hudson.remoting.RemoteInputStream;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.MasterToSlaveFileCallable;

/**
 * The {@code farm} program as the plugin ships it: the launcher, {@code farm.jar}, the libraries beside it, and a list of their
 * SHA-256 sums in the form of sha256sum(1). On the controller it lies where Jenkins unpacked the plugin; on an agent it is put into
 * a folder that is named by the sum of that list, so each version is there once.
 */
public final class FarmProgram {
    static final String LAUNCHER = "farm";
    static final String SUMS = "SHA256SUMS";

    private static final String JAR = "farm.jar";
    /** Below the root folder of an agent; {@code caches} is where Jenkins and its plugins keep what can be made again. */
    private static final String PLACE = "caches/kernel-farm/";

    /** Longer than any build takes. */
    private static final Duration FORGOTTEN = Duration.ofDays(60);

    private static final Pattern SUM = Pattern.compile("([0-9a-f]{64})  ((?:lib/)?[A-Za-z0-9_][A-Za-z0-9._+-]*)");

    private static FarmProgram shipped;

    private final Path folder;
    private final Map<String, String> sums;
    private final String sha256;

    /**
     * The program on an agent.
     *
     * @param launcher full path of the program
     * @param java home of the Java that runs the agent, for an agent that has no other
     */
    public record Installation(String launcher, String java) implements Serializable {}

    private FarmProgram(Path folder, Map<String, String> sums, String sha256) {
        this.folder = folder;
        this.sums = sums;
        this.sha256 = sha256;
    }

    /**
     * The program that came with this plugin.
     *
     * @throws IOException if the plugin is damaged
     */
    public static synchronized FarmProgram shipped() throws IOException {
        if (shipped == null) {
            try {
                Path jar = Path.of(FarmProgram.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                // WEB-INF/lib/kernel-farm.jar
                shipped = in(jar.getParent().resolveSibling("program"));
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }
        return shipped;
    }

    /** The program that lies in {@code folder}. */
    static FarmProgram in(Path folder) throws IOException {
        Path list = folder.resolve(SUMS);
        TreeMap<String, String> sums = new TreeMap<>();
        for (String line : Files.readAllLines(list)) {
            Matcher sum = SUM.matcher(line);
            if (!sum.matches()) {
                throw new IOException(list + " has the line '" + line + "', which is not a sum and a name");
            }
            sums.put(sum.group(2), sum.group(1));
        }
        return new FarmProgram(folder, sums, ProgramFiles.sha256(list));
    }

    /** {@code farm.jar} on the controller; its libraries are beside it. */
    public Path jar() {
        return folder.resolve(JAR);
    }

    /** Of the list of all its files, so it stands for the whole program. */
    public String sha256() {
        return sha256;
    }

    /**
     * Sees to it that the program is on an agent. Whatever is missing there or damaged is sent. This takes as long as sending some
     * 25 MB the first time, as long as reading them when an agent has come back, and one question to the agent otherwise
     * ({@link HashedFiles}).
     *
     * @param agentRoot the root folder of the agent
     * @throws AbortException if no program can run on such an agent; one sentence
     * @throws IOException if the connection or a disk fails
     */
    public Installation installOn(FilePath agentRoot, TaskListener log) throws IOException, InterruptedException {
        FilePath home = agentRoot.child(PLACE + sha256.substring(0, 16));
        Look found = home.act(new LookCall(sums));
        if (!found.system().equals("Linux")) {
            throw new AbortException("The agent runs " + found.system()
                    + ", and the farm builds and boots kernels on Linux only; use an agent with Linux.");
        }
        if (!found.damaged().isEmpty()) {
            log.getLogger()
                    .println("Kernel Farm: putting the farm's program on the agent, in " + home.getRemote() + " ("
                            + found.damaged().size() + " of " + sums.size() + " files)");
            for (String name : found.damaged()) {
                try (InputStream file = Files.newInputStream(folder.resolve(name));
                        InputStream content = new RemoteInputStream(file, RemoteInputStream.Flag.GREEDY)) {
                    home.act(new WriteCall(name, sums.get(name), content));
                }
            }
            home.act(new PruneCall());
        }
        return new Installation(home.child(LAUNCHER).getRemote(), found.java());
    }

    /** Names of the program's files, sums beside them. */
    Map<String, String> sums() {
        return Collections.unmodifiableMap(sums);
    }

    private record Look(ArrayList<String> damaged, String system, String java) implements Serializable {}

    private static final class LookCall extends MasterToSlaveFileCallable<Look> {
        private static final long serialVersionUID = 1;
        private final TreeMap<String, String> sums;

        LookCall(Map<String, String> sums) {
            this.sums = new TreeMap<>(sums);
        }

        @Override
        public Look invoke(File home, VirtualChannel channel) throws IOException {
            String system = System.getProperty("os.name");
            boolean fit = system.equals("Linux");
            String java = Runtime.version().feature() >= 17 ? System.getProperty("java.home") : "";
            List<String> damaged = fit ? new ProgramFiles(home.toPath()).damaged(sums) : List.of();
            return new Look(new ArrayList<>(damaged), system, java);
        }
    }

    private static final class WriteCall extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;
        private final String name;
        private final String sum;
        private final InputStream content;

        WriteCall(String name, String sum, InputStream content) {
            this.name = name;
            this.sum = sum;
            this.content = content;
        }

        @Override
        public Void invoke(File home, VirtualChannel channel) throws IOException {
            new ProgramFiles(home.toPath()).write(name, sum, content);
            return null;
        }
    }

    private static final class PruneCall extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;

        @Override
        public Void invoke(File home, VirtualChannel channel) throws IOException {
            new ProgramFiles(home.toPath()).prune(FORGOTTEN);
            return null;
        }
    }
}
