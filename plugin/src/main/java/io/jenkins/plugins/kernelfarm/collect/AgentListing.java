package io.jenkins.plugins.kernelfarm.collect;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;

/** Lists files of a run. It runs on the agent, and neither follows nor names symbolic links. */
final class AgentListing extends MasterToSlaveFileCallable<List<AgentFile>> {
    private static final long serialVersionUID = 1;
    private static final int DEPTH = 4;

    private final String folder;
    private final String[] starts;
    private final int limit;

    /**
     * Asks for nothing yet.
     *
     * @param folder of the run, relative to the workspace
     * @param starts files, and folders whose files are all listed, relative to that
     * @param limit how many files are listed at most
     */
    AgentListing(String folder, List<String> starts, int limit) {
        this.folder = folder;
        this.starts = starts.toArray(String[]::new);
        this.limit = limit;
    }

    @Override
    public List<AgentFile> invoke(File workspace, VirtualChannel channel) throws IOException {
        List<AgentFile> files = new ArrayList<>();
        Path run = workspace.toPath().resolve(folder);
        for (String name : starts) {
            Path start = run.resolve(name);
            if (!Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            Files.walkFileTree(start, Set.of(), DEPTH, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                    if (is.isRegularFile()) {
                        String path = run.relativize(file).toString().replace(File.separatorChar, '/');
                        files.add(new AgentFile(
                                path, is.size(), is.lastModifiedTime().toMillis()));
                    }
                    return files.size() < limit ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return files;
    }
}
