package org.jenkinsci.plugins.workflow.steps;

import hudson.model.Descriptor;

public abstract class StepDescriptor extends Descriptor<Step> {
    public abstract String getFunctionName();
}
