package io.jenkins.plugins.kernelfarm.collect;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;

/** Reads a piece of a file in the workspace. It runs on the agent. */
final class AgentRead extends MasterToSlaveFileCallable<byte[]> {
    private static final long serialVersionUID = 1;

    /** What one answer of the agent carries at most. */
    static final int PIECE = 1 << 20;

    private final String path;
    private final long from;
    private final int length;

    AgentRead(String path, long from, int length) {
        this.path = path;
        this.from = from;
        this.length = length;
    }

    /**
     * Reads up to the end of the piece or of the file.
     *
     * @throws IOException if the file is not there any more, or a symbolic link has come into the way to it
     */
    @Override
    public byte[] invoke(File workspace, VirtualChannel channel) throws IOException {
        Path file = inside(workspace.toPath(), path);
        try (SeekableByteChannel in =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.max(0, Math.min(length, in.size() - from)));
            in.position(from);
            while (piece.hasRemaining() && in.read(piece) >= 0) {}
            return Arrays.copyOf(piece.array(), piece.position());
        }
    }

    /** The file called {@code path} in {@code workspace}, if no symbolic link leads to it. */
    static Path inside(Path workspace, String path) throws IOException {
        Path file = workspace.toRealPath().resolve(path);
        if (!file.toRealPath().equals(file)) {
            throw new IOException("'" + path + "' is reached by a symbolic link");
        }
        return file;
    }
}
