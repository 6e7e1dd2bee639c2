package io.kernelfarm.artifacts.repository;

import java.util.Set;
import java.util.regex.Pattern;

/** What a channel may be called: it becomes a directory and a part of clients' configuration. */
public final class ChannelName {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** What stands beside the channels in a repository. */
    private static final Set<String> TAKEN = Set.of("pool", "states");

    private ChannelName() {}

    public static String checked(String channel) {
        if (!NAME.matcher(channel).matches() || TAKEN.contains(channel)) {
            throw new IllegalArgumentException("'" + channel.replaceAll("\\p{Cntrl}", "?")
                    + "' is no channel; use lower-case letters, digits and hyphens, as in 'testing'");
        }
        return channel;
    }
}
