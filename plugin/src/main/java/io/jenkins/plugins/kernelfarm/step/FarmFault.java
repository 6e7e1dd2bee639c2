package io.jenkins.plugins.kernelfarm.step;

import jenkins.model.CauseOfInterruption;

/** Why a build has no result: it was the farm's fault, or the agent's, and not the kernel's. */
final class FarmFault extends CauseOfInterruption {
    private static final long serialVersionUID = 1;

    private final String sentence;

    FarmFault(String sentence) {
        this.sentence = sentence;
    }

    @Override
    public String getShortDescription() {
        return sentence;
    }
}
