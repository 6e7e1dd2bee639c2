package io.jenkins.plugins.kernelfarm;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.security.Permission;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.kernelfarm.repository.RepositoryUrl;
import io.jenkins.plugins.kernelfarm.repository.SigningKeys;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The settings of Kernel Farm for all of this Jenkins. No secret is among them: of the signing key only its credential's id. */
@Extension
@Symbol("kernelFarm")
public final class KernelFarmConfiguration extends GlobalConfiguration {
    private static final int LEAST_MEMORY = 128;
    private static final int USUAL_MEMORY = 512;
    private static final int MOST_MEMORY = 65536;

    private static final List<ChannelSettings> USUAL_CHANNELS =
            List.of(new ChannelSettings("testing"), new ChannelSettings("stable"));

    private String signingKeyCredentialsId = "";
    private String repositoryUrl = "";
    private boolean anonymousDownload;
    private int memory;
    private List<ChannelSettings> channels;

    public KernelFarmConfiguration() {
        // Jenkins knows the permissions of classes that are loaded: these have to be there before somebody grants them.
        Objects.requireNonNull(KernelFarmPermissions.GROUP);
        load();
    }

    public static KernelFarmConfiguration get() {
        return ExtensionList.lookupSingleton(KernelFarmConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return "Kernel Farm";
    }

    @Override
    public Permission getRequiredGlobalConfigPagePermission() {
        return KernelFarmPermissions.CONFIGURE;
    }

    /** Id of the credential, a secret file or a secret text, with the OpenPGP key that signs what is published; empty for none. */
    public String getSigningKeyCredentialsId() {
        return signingKeyCredentialsId;
    }

    @DataBoundSetter
    public void setSigningKeyCredentialsId(String signingKeyCredentialsId) {
        this.signingKeyCredentialsId = signingKeyCredentialsId == null ? "" : signingKeyCredentialsId.strip();
    }

    /** Where clients find the repositories, without a slash at its end; empty for this Jenkins itself. */
    public String getRepositoryUrl() {
        return repositoryUrl;
    }

    @DataBoundSetter
    public void setRepositoryUrl(String repositoryUrl) {
        this.repositoryUrl = RepositoryUrl.checked(repositoryUrl);
    }

    /** Whether the repositories are open to everybody who reaches Jenkins, whatever permissions they have. */
    public boolean getAnonymousDownload() {
        return anonymousDownload;
    }

    @DataBoundSetter
    public void setAnonymousDownload(boolean anonymousDownload) {
        this.anonymousDownload = anonymousDownload;
    }

    /** How much memory the program may take that publishes and promotes, in mebibytes. */
    public int getMemory() {
        return memory == 0 ? USUAL_MEMORY : memory;
    }

    @DataBoundSetter
    public void setMemory(int memory) {
        String complaint = complaintOfMemory(memory);
        if (!complaint.isEmpty()) {
            throw new IllegalArgumentException(complaint);
        }
        this.memory = memory;
    }

    /** The channels of the repositories; the first takes every build, the others what is promoted. */
    public List<ChannelSettings> getChannels() {
        return channels == null ? USUAL_CHANNELS : List.copyOf(channels);
    }

    @DataBoundSetter
    public void setChannels(List<ChannelSettings> channels) {
        Set<String> names = new HashSet<>();
        for (ChannelSettings channel : channels) {
            if (!names.add(channel.getName())) {
                throw new IllegalArgumentException(
                        "there are two channels called '" + channel.getName() + "'; give one of them another name");
            }
        }
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("there is no channel; name at least one, which every build goes to");
        }
        this.channels = List.copyOf(channels);
    }

    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
        try {
            req.bindJSON(this, json);
        } catch (IllegalArgumentException e) {
            load();
            throw new FormException(reason(e), "kernelFarm");
        }
        save();
        return true;
    }

    /** What a setter said; those who call it put their own words around. */
    private static String reason(Throwable error) {
        Throwable reason = error;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return String.valueOf(reason.getMessage());
    }

    private static String complaintOfMemory(int mebibytes) {
        return mebibytes >= LEAST_MEMORY && mebibytes <= MOST_MEMORY
                ? ""
                : "the program cannot do with " + mebibytes + " MiB; give it " + LEAST_MEMORY + " to " + MOST_MEMORY;
    }

    /** The credentials that hold a key, for whoever may change the settings. */
    @POST
    public ListBoxModel doFillSigningKeyCredentialsIdItems(@QueryParameter String signingKeyCredentialsId) {
        ListBoxModel items = new ListBoxModel();
        items.add("- none -", "");
        if (Jenkins.get().hasPermission(KernelFarmPermissions.CONFIGURE)) {
            SigningKeys.fill(items);
        } else {
            items.add(signingKeyCredentialsId, signingKeyCredentialsId);
        }
        return items;
    }

    /** Says whether the credential holds a key. */
    @POST
    public FormValidation doCheckSigningKeyCredentialsId(@QueryParameter String value) {
        Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
        if (value.isBlank()) {
            return FormValidation.warning("Without a key nothing can be published or promoted here.");
        }
        return SigningKeys.complaint(value).map(FormValidation::error).orElseGet(FormValidation::ok);
    }

    /** Says whether clients can be told to come there. */
    @POST
    public FormValidation doCheckRepositoryUrl(@QueryParameter String value) {
        Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
        return checked(() -> RepositoryUrl.checked(value));
    }

    /** Says whether the program can do with so much. */
    @POST
    public FormValidation doCheckMemory(@QueryParameter String value) {
        Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
        String complaint;
        try {
            complaint = complaintOfMemory(Integer.parseInt(value.strip()));
        } catch (NumberFormatException e) {
            complaint = "'" + value + "' is no number of mebibytes";
        }
        return complaint.isEmpty() ? FormValidation.ok() : FormValidation.error(complaint);
    }

    static FormValidation checked(Runnable check) {
        try {
            check.run();
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
