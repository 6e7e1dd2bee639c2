package io.kernelfarm.pipelines.bisect;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** What lies between good and bad: the commits of a git tree, or a list of builds. Each one has a name, its id. */
public interface History {

    /**
     * Those that may be the first bad one: {@code bad} itself and its ancestors, without those of {@code good} and theirs.
     *
     * @return that which halves them best first, as {@code git rev-list --bisect-all} orders them
     */
    List<String> suspects(String bad, Collection<String> good) throws IOException;

    /** Where the lines to {@code good} and to {@code bad} part; empty if {@code good} is an ancestor of {@code bad}. */
    List<String> mergeBases(String good, String bad) throws IOException;

    /** What {@code id} was made from; empty if it is the very first. */
    List<String> parents(String id) throws IOException;
}
