package io.jenkins.plugins.kernelfarm.step;

import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * What the form of the step answers while somebody fills it in, and that of the builder: both describe a call of the {@code farm} program.
 * Jenkins finds the methods by their names ({@code doCheckFIELD}, {@code doFillFIELDItems}), in interfaces as well.
 */
public interface FarmCallForm {

    /** Like the other checks, reads nothing, so it needs no permission. */
    @POST
    default FormValidation doCheckVerb(@QueryParameter String value) {
        return FarmForm.answer(FarmVerbs.complaint(value));
    }

    @POST
    default FormValidation doCheckArgs(@QueryParameter String value) {
        return FarmForm.answer(FarmArguments.complaint(value, List.of(Util.tokenize(value))));
    }

    @POST
    default ListBoxModel doFillKernelFailureItems() {
        ListBoxModel items = new ListBoxModel();
        items.add("failed", KernelFailure.FAILURE.name());
        items.add("unstable", KernelFailure.UNSTABLE.name());
        return items;
    }

    /** Shows credentials only to those who may use or configure the job. */
    @POST
    default ListBoxModel doFillSigningKeyItems(@AncestorInPath Item item, @QueryParameter String signingKey) {
        return FarmForm.credentials(item, signingKey, Secrets::canBeSigningKey);
    }
}
