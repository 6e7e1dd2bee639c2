package io.jenkins.plugins.kernelfarm.step;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.AbortException;
import hudson.model.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** What the credentials of a call hold, as files. Lives for as long as it takes to write them. */
final class Secrets {
    /** Far more than any key has. */
    private static final int LARGEST = 1 << 20;

    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<String> texts = new ArrayList<>();

    private Secrets() {}

    /**
     * Reads the credentials that {@code call} names.
     *
     * @throws AbortException if a build of this job has no such credential, or it is of no use; one sentence
     */
    static Secrets of(FarmCall call, Run<?, ?> run) throws IOException {
        Secrets secrets = new Secrets();
        if (!call.signingKey().isEmpty()) {
            Credentials key = find(call.signingKey(), "the signing key", run);
            if (!canBeSigningKey(key)) {
                throw new AbortException(
                        "The credential '" + call.signingKey()
                                + "' cannot be a signing key; use a secret file, or a secret text with an OpenPGP key in ASCII armour.");
            }
            secrets.add(SecretFolder.KEY, text(call.signingKey(), key));
        }
        for (FarmSecret secret : call.secrets()) {
            Optional<String> complaint = FarmSecret.complaint(secret.getFile());
            if (complaint.isPresent()) {
                throw new AbortException("A secret for the file '" + secret.getFile() + "': " + complaint.get());
            }
            Credentials found = find(secret.getCredentialsId(), "the file " + secret.getFile(), run);
            if (!canBeMachineSecret(found)) {
                throw new AbortException(
                        "The credential '" + secret.getCredentialsId()
                                + "' cannot be in a file; use a user with a password, a secret text, a secret file, or an SSH key.");
            }
            secrets.add(SecretFolder.MACHINES + secret.getFile(), text(secret.getCredentialsId(), found));
        }
        return secrets;
    }

    static boolean canBeSigningKey(Credentials credentials) {
        return credentials instanceof FileCredentials || credentials instanceof StringCredentials;
    }

    static boolean canBeMachineSecret(Credentials credentials) {
        return canBeSigningKey(credentials)
                || credentials instanceof StandardUsernamePasswordCredentials
                || credentials instanceof SSHUserPrivateKey;
    }

    /** Contents by name, relative to the {@link SecretFolder}. */
    Map<String, byte[]> files() {
        return files;
    }

    SecretMask mask() {
        return new SecretMask(texts);
    }

    private void add(String name, String text) throws AbortException {
        String ending = text.endsWith("\n") ? "" : "\n";
        if (files.put(name, (text + ending).getBytes(StandardCharsets.UTF_8)) != null) {
            throw new AbortException("There are two secrets for the file " + name.substring(name.indexOf('/') + 1)
                    + "; leave one of them out.");
        }
        texts.add(text);
    }

    private static Credentials find(String id, String purpose, Run<?, ?> run) throws AbortException {
        StandardCredentials found = CredentialsProvider.findCredentialById(id, StandardCredentials.class, run);
        if (found == null) {
            throw new AbortException("There is no credential '" + id + "' for " + purpose
                    + " that this job may use; add it to Jenkins or to the job's folder, or name another.");
        }
        return CredentialsProvider.track(run, found);
    }

    private static String text(String id, Credentials credentials) throws IOException {
        if (credentials instanceof FileCredentials file) {
            try (InputStream in = file.getContent()) {
                byte[] content = in.readNBytes(LARGEST + 1);
                if (content.length > LARGEST) {
                    throw new AbortException("The secret file '" + id + "' has more than 1 MiB; that is no key.");
                }
                return new String(content, StandardCharsets.UTF_8);
            }
        }
        if (credentials instanceof StringCredentials text) {
            return text.getSecret().getPlainText();
        }
        if (credentials instanceof StandardUsernamePasswordCredentials user) {
            return user.getPassword().getPlainText();
        }
        SSHUserPrivateKey key = (SSHUserPrivateKey) credentials;
        boolean open = key.getPassphrase() == null
                || key.getPassphrase().getPlainText().isEmpty();
        if (!open || key.getPrivateKeys().isEmpty()) {
            throw new AbortException("The SSH key '" + id
                    + "' has a passphrase, which nobody is there to type, or is empty; use a key without one.");
        }
        return key.getPrivateKeys().get(0);
    }
}
