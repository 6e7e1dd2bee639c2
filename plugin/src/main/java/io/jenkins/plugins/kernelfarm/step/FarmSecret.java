package io.jenkins.plugins.kernelfarm.step;

import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A password or key that {@code machines.yaml} names by a file, and the credential that is in this file while the farm runs. */
public final class FarmSecret implements Describable<FarmSecret>, Serializable {
    private static final long serialVersionUID = 1;

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    private final String file;
    private final String credentialsId;

    /**
     * @param file name of the file, as {@code machines.yaml} has it
     * @param credentialsId of a user with a password, a secret text, a secret file, or an SSH key
     */
    @DataBoundConstructor
    public FarmSecret(String file, String credentialsId) {
        this.file = file.strip();
        this.credentialsId = credentialsId.strip();
    }

    public String getFile() {
        return file;
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    /** What is wrong with the name of a file; one sentence. */
    static Optional<String> complaint(String file) {
        return FILE.matcher(file.strip()).matches()
                ? Optional.empty()
                : Optional.of("A file's name as machines.yaml has it is needed, such as rack1-a.password: up to 100 of"
                        + " A-Z a-z 0-9 . _ -, and no folder.");
    }

    /** What Jenkins knows about it. */
    @Extension
    @Symbol("farmSecret")
    public static final class DescriptorImpl extends Descriptor<FarmSecret> {
        @Override
        public String getDisplayName() {
            return "Password or key of a machine";
        }

        /** Reads nothing, so it needs no permission. */
        @POST
        public FormValidation doCheckFile(@QueryParameter String value) {
            return FarmForm.answer(complaint(value));
        }

        /** Shows credentials only to those who may use or configure the job. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return FarmForm.credentials(item, credentialsId, Secrets::canBeMachineSecret);
        }

        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            return value.isBlank()
                    ? FormValidation.error("Choose the credential that is in the file.")
                    : FormValidation.ok();
        }
    }
}
