package io.kernelfarm.bootmatrix.machine.ssh;

import java.nio.file.Path;

/**
 * The way to a standing Xen host.
 *
 * @param machine the name by which people know the machine
 * @param host name or address of its SSH server
 * @param port TCP port, 22 as a rule
 * @param user who has to be the host's root
 * @param identity file with the private key that the server knows
 * @param hostKey how the server is known
 * @param folder on the host, in which each boot has a folder of its own while it lasts; an absolute path
 * @param memoryMib how much all guests may have at the same time
 */
public record SshHost(
        String machine,
        String host,
        int port,
        String user,
        Path identity,
        HostKey hostKey,
        String folder,
        int memoryMib) {

    /** How a server is known not to be another. */
    public sealed interface HostKey {
        /** It is among those in a file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
        record InFile(Path file) implements HostKey {}

        /**
         * It has just this one.
         *
         * @param key kind and key, for example {@code ssh-ed25519 AAAA…}
         */
        record Pinned(String key) implements HostKey {}
    }

    /** A sentence about the machine. */
    String of(String sentence) {
        return "machine '" + machine + "': " + sentence;
    }

    @Override
    public String toString() {
        return "SSH server at " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
