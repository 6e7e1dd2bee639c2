package io.kernelfarm.bootmatrix.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A machine as a plan finds it.
 *
 * @param id unique among all machines
 * @param kind as in {@link Start#kind}
 * @param hypervisors that can be started on it, {@code none} among them if it boots bare
 * @param firmware that it has
 * @param ready when it can take up something else, in seconds of any clock that all machines share
 * @param up what it was started with and still runs; what needs the same start needs no other
 * @param ahead what it was to do from {@link #ready} on by an earlier plan, and will do unless somebody else does it sooner
 */
public record Post(
        String id,
        String kind,
        Set<String> hypervisors,
        Set<String> firmware,
        double ready,
        Optional<Start> up,
        List<Task> ahead) {

    public Post {
        hypervisors = Set.copyOf(hypervisors);
        firmware = Set.copyOf(firmware);
        ahead = List.copyOf(ahead);
    }

    /** A machine that is off and has nothing to do. */
    public Post(String id, String kind, Set<String> hypervisors, Set<String> firmware) {
        this(id, kind, hypervisors, firmware, 0, Optional.empty(), List.of());
    }

    /** Whether this machine can be started so. */
    public boolean serves(Start start) {
        return kind.equals(start.kind())
                && hypervisors.contains(start.hypervisor())
                && firmware.contains(start.firmware());
    }
}
