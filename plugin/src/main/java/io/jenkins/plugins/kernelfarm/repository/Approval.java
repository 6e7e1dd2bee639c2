package io.jenkins.plugins.kernelfarm.repository;

import hudson.model.Run;
import hudson.model.User;
import hudson.security.Permission;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Who has approved something in a Pipeline, as the {@code input} step wrote it down: nothing that a script could say. */
final class Approval {
    private Approval() {}

    /** The user who approved the last {@code input} of {@code run}; nobody where the input step is not installed. */
    static Optional<String> of(Run<?, ?> run) {
        if (Jenkins.get().getPlugin("pipeline-input-step") == null) {
            return Optional.empty();
        }
        List<ApproverAction> approvals = run.getActions(ApproverAction.class);
        return approvals.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(approvals.get(approvals.size() - 1).getUserId());
    }

    /** Whether that user exists and has {@code permission}. */
    static boolean may(String user, Permission permission) {
        User known = User.getById(user, false);
        if (known == null) {
            return false;
        }
        try {
            return Jenkins.get().hasPermission2(known.impersonate2(), permission);
        } catch (UsernameNotFoundException e) {
            return false;
        }
    }
}
