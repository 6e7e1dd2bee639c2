package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;

/** Who is to compile. */
public enum BuilderChoice {
    /** A container, where an engine answers and has, or gets, the image; or else this host. */
    AUTO,
    /** A container. */
    CONTAINER,
    /** This host. */
    HOST;

    /**
     * The builder, which the log then names.
     *
     * @param run that it works for, as containers are labelled
     * @throws FarmException the farm's fault, if a container is wanted and there cannot be one
     */
    public Builder choose(Target target, String run, CacheLayout cache, Progress progress) throws IOException {
        Builder chosen = choose(() -> container(target, run, cache, progress), progress);
        progress.note("compiling on " + chosen.description());
        return chosen;
    }

    private interface Making {
        Builder make() throws IOException;
    }

    private Builder choose(Making container, Progress progress) throws IOException {
        return switch (this) {
            case HOST -> new HostBuilder();
            case CONTAINER -> container.make();
            case AUTO -> {
                try {
                    yield container.make();
                } catch (FarmException e) {
                    progress.note(e.getMessage());
                    yield new HostBuilder();
                }
            }
        };
    }

    private static Builder container(Target target, String run, CacheLayout cache, Progress progress)
            throws IOException {
        Builder container = new ContainerBuilder(EngineSocket.find(System.getenv()), target, run, cache, progress);
        container.toolchain(target); // Only who has the image can say.
        return container;
    }
}
