package io.jenkins.plugins.kernelfarm;

import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.kernelfarm.artifacts.repository.ChannelName;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A channel of the repositories, and how much it keeps. */
public final class ChannelSettings implements Describable<ChannelSettings> {
    private static final int MOST = 100_000;

    private final String name;
    private int keep;

    /**
     * @throws IllegalArgumentException if it is no name of a channel
     */
    @DataBoundConstructor
    public ChannelSettings(String name) {
        this.name = ChannelName.checked(name == null ? "" : name.strip());
    }

    public String getName() {
        return name;
    }

    /** How many releases it keeps, the newest ones; 0 for all. */
    public int getKeep() {
        return keep;
    }

    @DataBoundSetter
    public void setKeep(int keep) {
        this.keep = checkedKeep(keep);
    }

    private static int checkedKeep(int keep) {
        if (keep < 0 || keep > MOST) {
            throw new IllegalArgumentException(
                    "a channel cannot keep " + keep + " releases; give a number up to " + MOST + ", or 0 for all");
        }
        return keep;
    }

    /** Its form. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<ChannelSettings> {
        @Override
        public String getDisplayName() {
            return "Channel";
        }

        /** Says whether a channel can be called so. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
            return KernelFarmConfiguration.checked(() -> ChannelName.checked(value.strip()));
        }

        /** Says whether it is such a number. */
        @POST
        public FormValidation doCheckKeep(@QueryParameter String value) {
            Jenkins.get().checkPermission(KernelFarmPermissions.CONFIGURE);
            try {
                int number = value.isBlank() ? 0 : Integer.parseInt(value.strip());
                return KernelFarmConfiguration.checked(() -> checkedKeep(number));
            } catch (NumberFormatException e) {
                return FormValidation.error("'" + value + "' is no number of releases; 0 is all");
            }
        }
    }
}
