package io.jenkins.plugins.kernelfarm.repository;

import hudson.AbortException;
import hudson.util.ListBoxModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jenkins.model.Jenkins;

/** The credentials with keys that sign. They come from two plugins, and there are none where these are not installed. */
public final class SigningKeys {
    private static final String BEGIN = "-----BEGIN PGP PRIVATE KEY BLOCK-----";

    private SigningKeys() {}

    /** Adds all that there are. */
    public static void fill(ListBoxModel items) {
        if (isPossible()) {
            StoredKeys.all().forEach(key -> items.add(key.label(), key.id()));
        }
    }

    /** What is wrong with the credential with this id, as far as can be seen without using it. */
    public static Optional<String> complaint(String id) {
        try {
            String text = new String(read(id), StandardCharsets.US_ASCII);
            return text.contains(BEGIN)
                    ? Optional.empty()
                    : Optional.of("credential '" + id + "' has no '" + BEGIN
                            + "'; put the output of 'gpg --armor --export-secret-keys' into it");
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * The key in the credential with this id.
     *
     * @throws AbortException if there is none, in a sentence
     */
    static byte[] read(String id) throws IOException {
        if (id.isEmpty()) {
            throw new AbortException("no signing key is set; choose one under 'Manage Jenkins, System, Kernel Farm'");
        }
        Optional<byte[]> key = isPossible() ? StoredKeys.read(id) : Optional.empty();
        return key.orElseThrow(
                () -> new AbortException(
                        "there is no secret file or secret text '" + id
                                + "' among Jenkins' own credentials; add it, or choose another under 'Manage Jenkins, System, Kernel Farm'"));
    }

    private static boolean isPossible() {
        return Jenkins.get().getPlugin("plain-credentials") != null;
    }
}
