package io.jenkins.plugins.kernelfarm.repository;

import io.jenkins.plugins.kernelfarm.KernelFarmConfiguration;
import io.kernelfarm.pipelines.Spec;
import java.util.Optional;
import jenkins.model.Jenkins;

/** Where clients find the repositories of this Jenkins. */
public final class RepositoryUrl {
    /** Below the address of Jenkins. */
    static final String PLACE = KernelFarmRootAction.URL_NAME + "/" + KernelFarmRootAction.REPOSITORY;

    private RepositoryUrl() {}

    /**
     * A URL as it is kept, or nothing.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static String checked(String url) {
        return url == null || url.isBlank() ? "" : new Spec.Repository(url.strip()).url();
    }

    /** The one that is set, or the one below Jenkins' own; empty if neither is known. */
    static Optional<String> get() {
        String set = KernelFarmConfiguration.get().getRepositoryUrl();
        if (!set.isEmpty()) {
            return Optional.of(set);
        }
        String jenkins = Jenkins.get().getRootUrl();
        return jenkins == null ? Optional.empty() : Optional.of(jenkins.replaceFirst("/+$", "") + "/" + PLACE);
    }
}
