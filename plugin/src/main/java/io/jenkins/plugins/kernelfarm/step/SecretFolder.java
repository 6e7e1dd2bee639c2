package io.jenkins.plugins.kernelfarm.step;

import hudson.AbortException;
import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import hudson.slaves.WorkspaceList;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;

/** The folder beside a workspace in which the secrets of one call lie while its program runs, for the agent's user alone. */
final class SecretFolder {
    static final String KEY = "signing-key.asc";
    static final String MACHINES = "machines/";

    private final FilePath folder;

    private SecretFolder(FilePath folder) {
        this.folder = folder;
    }

    /**
     * The folder of {@code call}, whether it is there or not.
     *
     * @throws AbortException if the workspace is the root of a disk, beside which nothing can be
     */
    static SecretFolder of(FarmCall call, FilePath workspace) throws AbortException {
        FilePath beside = WorkspaceList.tempDir(workspace);
        if (beside == null) {
            throw new AbortException("There is no place for secrets beside the workspace " + workspace.getRemote()
                    + "; use another workspace.");
        }
        return new SecretFolder(beside.child("kernel-farm-" + call.id()));
    }

    /** Writes the files; what was in the folder before is gone. */
    void write(Map<String, byte[]> files) throws IOException, InterruptedException {
        folder.act(new WriteCall(files));
    }

    /** How the program is told of the files; a name of a file that is not among {@code files} is not told. */
    Map<String, String> variables(Set<String> files) {
        Map<String, String> variables = new TreeMap<>();
        if (files.contains(KEY)) {
            variables.put("KERNEL_FARM_KEY", folder.child(KEY).getRemote());
        }
        if (files.stream().anyMatch(name -> name.startsWith(MACHINES))) {
            variables.put("KERNEL_FARM_SECRETS", folder.child(MACHINES).getRemote());
        }
        return variables;
    }

    void remove() throws IOException, InterruptedException {
        folder.act(new RemoveCall());
    }

    static void write(Path folder, Map<String, byte[]> files) throws IOException {
        FileAttribute<?> ownersFolder =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        FileAttribute<?> ownersFile =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        remove(folder);
        Files.createDirectories(folder.toAbsolutePath().getParent());
        Files.createDirectory(folder, ownersFolder);
        for (Map.Entry<String, byte[]> entry : files.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(file.getParent(), ownersFolder);
            try (ByteChannel out = Files.newByteChannel(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownersFile)) {
                ByteBuffer bytes = ByteBuffer.wrap(entry.getValue());
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
        }
    }

    static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static final class WriteCall extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;
        private final TreeMap<String, byte[]> files;

        WriteCall(Map<String, byte[]> files) {
            this.files = new TreeMap<>(files);
        }

        @Override
        public Void invoke(File folder, VirtualChannel channel) throws IOException {
            SecretFolder.write(folder.toPath(), files);
            return null;
        }
    }

    private static final class RemoveCall extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1;

        @Override
        public Void invoke(File folder, VirtualChannel channel) throws IOException {
            SecretFolder.remove(folder.toPath());
            return null;
        }
    }
}
