package org.jenkinsci.plugins.workflow.support.steps.input;

import hudson.model.InvisibleAction;

public class ApproverAction extends InvisibleAction {
    ApproverAction() {}

    public String getUserId() {
        throw new UnsupportedOperationException();
    }
}
