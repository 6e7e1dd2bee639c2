package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** What a client copies to use a channel: one file for apt (sources.list(5), deb822), one for dnf (dnf.conf(5)). */
public final class ClientConfiguration {
    /** The public key's file name, beside the directories of the two families. */
    public static final String PUBLIC_KEY = "kernel-farm.asc";

    private ClientConfiguration() {}

    /**
     * Writes the public key and a channel's two files into the directory that holds {@code apt/} and {@code dnf/}.
     *
     * @param note one line that stands in both files as a comment; empty for none
     * @param url under which clients find that directory, as in {@link RepositorySettings#url}
     */
    public static void write(Path directory, URI url, String channel, String note, SigningKey key) throws IOException {
        ChannelName.checked(channel);
        Files.createDirectories(directory);
        AtomicFile.replace(directory.resolve(PUBLIC_KEY), key.publicKey());
        AtomicFile.replace(
                directory.resolve("kernel-farm-" + channel + ".sources"), comment(note) + sources(url, channel, key));
        AtomicFile.replace(directory.resolve("kernel-farm-" + channel + ".repo"), comment(note) + repo(url, channel));
    }

    private static String comment(String note) {
        return note.isEmpty() ? "" : "# " + note + "\n";
    }

    /** For {@code /etc/apt/sources.list.d}; it carries the key. */
    static String sources(URI url, String channel, SigningKey key) {
        String indented = key.publicKey()
                .lines()
                .map(line -> line.isBlank() ? " .\n" : " " + line + "\n")
                .collect(Collectors.joining());
        return """
                Types: deb
                URIs: %s/apt
                Suites: %s
                Components: main
                Signed-By:
                """.formatted(url, channel) + indented;
    }

    /** For {@code /etc/yum.repos.d}. */
    static String repo(URI url, String channel) {
        return """
                [kernel-farm-%2$s]
                name=Kernel Farm, channel %2$s
                # Leads to one state of the channel, so that an update never reads parts of two.
                mirrorlist=%1$s/dnf/%2$s/mirrorlist
                gpgkey=%1$s/%3$s
                gpgcheck=1
                repo_gpgcheck=1
                """.formatted(url, channel, PUBLIC_KEY);
    }
}
