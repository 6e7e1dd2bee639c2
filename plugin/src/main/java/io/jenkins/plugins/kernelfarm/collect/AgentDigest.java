package io.jenkins.plugins.kernelfarm.collect;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import jenkins.MasterToSlaveFileCallable;

/** The SHA-256 of a file in the workspace, in lower-case hexadecimal. It runs on the agent. */
final class AgentDigest extends MasterToSlaveFileCallable<String> {
    private static final long serialVersionUID = 1;

    private final String path;

    AgentDigest(String path) {
        this.path = path;
    }

    @Override
    public String invoke(File workspace, VirtualChannel channel) throws IOException {
        try (InputStream in =
                Files.newInputStream(AgentRead.inside(workspace.toPath(), path), LinkOption.NOFOLLOW_LINKS)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                sha256.update(buffer, 0, length);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
