package io.kernelfarm.pipelines.builder;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.util.Map;

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
        return choose(target, run, cache, System.getenv(), progress);
    }

    /** @param environment that may name an engine */
    Builder choose(Target target, String run, CacheLayout cache, Map<String, String> environment, Progress progress)
            throws IOException {
        if (this != HOST) {
            try {
                EngineSocket engine = EngineSocket.find(environment);
                Builder container = new ContainerBuilder(engine, target, run, cache, progress);
                container.toolchain(target); // Only who has the image can say.
                progress.note("builder: " + container.description() + ", by the engine at " + engine);
                return container;
            } catch (FarmException e) {
                if (this == CONTAINER) {
                    throw e;
                }
                progress.note(e.getMessage());
            }
        }
        Builder host = new HostBuilder();
        progress.note("builder: " + host.description());
        return host;
    }

    /** Removes the containers of farms that are no more, if there is an engine. */
    public void sweep() throws IOException {
        if (this != HOST) {
            try {
                new Engine(EngineSocket.find(System.getenv()));
            } catch (FarmException e) {
                // Whoever needs the engine will be told.
            }
        }
    }
}
