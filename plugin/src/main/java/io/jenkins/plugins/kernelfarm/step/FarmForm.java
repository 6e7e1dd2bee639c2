package io.jenkins.plugins.kernelfarm.step;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;

/** How forms answer. */
final class FarmForm {
    private FarmForm() {}

    static FormValidation answer(Optional<String> complaint) {
        return complaint.map(FormValidation::error).orElseGet(FormValidation::ok);
    }

    /**
     * The credentials that a job can use.
     *
     * @param item the job; null where a form belongs to none
     * @param current what is chosen; all that those see who may not know more
     */
    static ListBoxModel credentials(Item item, String current, CredentialsMatcher which) {
        StandardListBoxModel items = new StandardListBoxModel();
        boolean allowed = item == null
                ? Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                : item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
        items.includeEmptyValue();
        if (allowed) {
            items.includeMatchingAs(ACL.SYSTEM2, item, StandardCredentials.class, List.of(), which);
        }
        return items.includeCurrentValue(current);
    }
}
