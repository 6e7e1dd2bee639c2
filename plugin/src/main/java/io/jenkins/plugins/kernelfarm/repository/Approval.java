package io.jenkins.plugins.kernelfarm.repository;

import hudson.model.User;
import hudson.security.Permission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Who has approved something in a Pipeline, as the {@code input} step wrote it down: nothing that a script could say. */
final class Approval {
    private Approval() {}

    /** The user who approved the last {@code input} on the way to {@code node}; nobody where the input step is not installed. */
    static Optional<String> before(FlowNode node) {
        if (Jenkins.get().getPlugin("pipeline-input-step") == null) {
            return Optional.empty();
        }
        Deque<FlowNode> open = new ArrayDeque<>();
        Set<FlowNode> seen = new HashSet<>();
        open.add(node);
        while (!open.isEmpty()) {
            FlowNode one = open.remove();
            if (!seen.add(one)) {
                continue;
            }
            ApproverAction approver = one.getAction(ApproverAction.class);
            if (approver != null) {
                return Optional.ofNullable(approver.getUserId());
            }
            open.addAll(one.getParents());
        }
        return Optional.empty();
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
