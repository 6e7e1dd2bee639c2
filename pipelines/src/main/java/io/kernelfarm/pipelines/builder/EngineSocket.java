package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where a container engine of this machine listens. What compiles sees this machine's folders, so an engine elsewhere is of
 * no use.
 *
 * @param path of the Unix socket
 */
public record EngineSocket(Path path) {

    private static final String UNIX = "unix://";

    /**
     * The first socket at which an engine answers: the one that {@code DOCKER_HOST} names, or else the usual ones of Docker
     * and podman, the machine's and the user's.
     *
     * @throws FarmException the farm's fault, if there is none, with the reason for each
     */
    public static EngineSocket find(Map<String, String> environment) {
        List<String> reasons = new ArrayList<>();
        for (Path candidate : candidates(environment)) {
            String reason = refusal(candidate);
            if (reason.isEmpty()) {
                return new EngineSocket(candidate);
            }
            reasons.add(candidate + " " + reason);
        }
        throw FarmException.farm("no container engine answers on this machine (" + String.join(", ", reasons)
                + "); start Docker or podman's" + " socket, or name another with DOCKER_HOST=unix:///PATH");
    }

    private static List<Path> candidates(Map<String, String> environment) {
        String named = environment.getOrDefault("DOCKER_HOST", "");
        if (named.startsWith(UNIX)) {
            return List.of(Path.of(named.substring(UNIX.length())));
        }
        if (!named.isEmpty()) {
            throw FarmException.farm(
                    "DOCKER_HOST is " + named + ", and an engine that is not reached by a Unix socket may be"
                            + " on another machine, which does not see this one's folders; name one of this machine with"
                            + " DOCKER_HOST=unix:///PATH");
        }
        List<Path> usual = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty()) {
            usual.add(Path.of(runtime, "docker.sock"));
            usual.add(Path.of(runtime, "podman", "podman.sock"));
        }
        usual.add(Path.of("/run/podman/podman.sock"));
        return usual;
    }

    /** Why nobody is to be reached there; empty if somebody is. A connection costs little, a client of the engine much. */
    private static String refusal(Path socket) {
        if (!Files.exists(socket)) {
            return "is not there";
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected() ? "" : "does not answer";
        } catch (IOException e) {
            return "does not answer: " + e.getMessage();
        }
    }

    /** As {@code DOCKER_HOST} has it. */
    String uri() {
        return UNIX + path;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
