package io.jenkins.plugins.kernelfarm.collect;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/** Finds the folders of runs in a workspace. It runs on the agent. */
final class AgentRuns extends MasterToSlaveFileCallable<List<String>> {
    private static final long serialVersionUID = 1;

    /** More in one workspace are not this build's. */
    private static final int LIMIT = 10_000;

    private final String[] patterns;

    /**
     * Asks for nothing yet.
     *
     * @param patterns of folders below the workspace, in each part of which {@code *} stands for any characters
     */
    AgentRuns(List<String> patterns) {
        this.patterns = patterns.toArray(String[]::new);
    }

    /** The folders that have a {@code run.json}, relative to the workspace. A symbolic link leads to none. */
    @Override
    public List<String> invoke(File workspace, VirtualChannel channel) throws IOException {
        List<String> found = new ArrayList<>();
        for (String pattern : patterns) {
            List<Path> folders = List.of(workspace.toPath());
            for (String part : pattern.split("/", -1)) {
                folders = below(folders, part);
            }
            for (Path folder : folders) {
                String name = workspace.toPath().relativize(folder).toString().replace(File.separatorChar, '/');
                if (Files.isRegularFile(folder.resolve("run.json"), LinkOption.NOFOLLOW_LINKS)
                        && !found.contains(name)
                        && found.size() < LIMIT) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private static List<Path> below(List<Path> folders, String part) throws IOException {
        List<Path> below = new ArrayList<>();
        for (Path folder : folders) {
            if (!part.contains("*") && !part.contains("?")) {
                addFolder(below, folder.resolve(part));
                continue;
            }
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, part)) {
                all.forEach(one -> addFolder(below, one));
            }
        }
        below.sort(null);
        return below;
    }

    private static void addFolder(List<Path> folders, Path folder) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            folders.add(folder);
        }
    }
}
