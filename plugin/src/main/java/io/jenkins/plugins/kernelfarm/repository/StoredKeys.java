package io.jenkins.plugins.kernelfarm.repository;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.security.ACL;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** What is asked of the plugins that keep credentials; a class of its own, because they may be missing. */
final class StoredKeys {
    /** No key of one person is larger. */
    private static final int MOST = 1 << 20;

    private StoredKeys() {}

    record Label(String id, String label) {}

    static List<Label> all() {
        return credentials().stream()
                .map(one -> new Label(
                        one.getId(),
                        one.getDescription() == null || one.getDescription().isBlank()
                                ? one.getId()
                                : one.getId() + " (" + one.getDescription() + ")"))
                .toList();
    }

    static Optional<byte[]> read(String id) throws IOException {
        for (StandardCredentials one : credentials()) {
            if (one.getId().equals(id)) {
                return Optional.of(contents(one));
            }
        }
        return Optional.empty();
    }

    private static byte[] contents(StandardCredentials credential) throws IOException {
        if (credential instanceof FileCredentials file) {
            try (InputStream in = file.getContent()) {
                return in.readNBytes(MOST);
            }
        }
        return ((StringCredentials) credential).getSecret().getPlainText().getBytes(StandardCharsets.UTF_8);
    }

    private static List<StandardCredentials> credentials() {
        List<StandardCredentials> all = new ArrayList<>();
        all.addAll(CredentialsProvider.lookupCredentialsInItemGroup(FileCredentials.class, Jenkins.get(), ACL.SYSTEM2));
        all.addAll(
                CredentialsProvider.lookupCredentialsInItemGroup(StringCredentials.class, Jenkins.get(), ACL.SYSTEM2));
        return all;
    }
}
