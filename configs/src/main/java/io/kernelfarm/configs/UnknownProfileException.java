package io.kernelfarm.configs;

import java.util.Collection;

/** A profile was asked for that is not there. The message lists those that are. */
public final class UnknownProfileException extends ConfigException {
    UnknownProfileException(String name, Collection<String> known) {
        super("unknown profile '" + name + "'; " + Nearest.didYouMean(name, known) + "the profiles are "
                + String.join(", ", known));
    }
}
