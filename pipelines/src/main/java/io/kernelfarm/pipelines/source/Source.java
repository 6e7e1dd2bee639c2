package io.kernelfarm.pipelines.source;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** {@code source} of a spec: where the kernel's source comes from. */
public sealed interface Source permits DebianSource, TarballSource, GitSource {

    /** What goes on top of it; null if nothing does. */
    Patches patches();

    /**
     * Brings it into the cache, unless it is there, without its patches.
     *
     * @throws io.kernelfarm.pipelines.FarmException the farm's fault if it cannot be had now, wrong usage if it is not what the
     *     spec says it is
     */
    KernelSource fetch(CacheLayout cache, Progress progress) throws IOException;

    /**
     * The source that has these keys.
     *
     * @throws IllegalArgumentException if they are not those of one kind; one sentence
     */
    @JsonCreator
    static Source of(
            @JsonProperty("debian") String debian,
            @JsonProperty("suite") String suite,
            @JsonProperty("tarball") Location tarball,
            @JsonProperty("sha256") String sha256,
            @JsonProperty("git") Location git,
            @JsonProperty("commit") String commit,
            @JsonProperty("patches") Patches patches) {
        Map<String, Object> kinds = new TreeMap<>();
        kinds.put("debian", debian);
        kinds.put("tarball", tarball);
        kinds.put("git", git);
        kinds.values().removeIf(value -> value == null);
        require(
                !kinds.isEmpty(),
                "'source' has none of debian, tarball and git; for example 'source: {debian: linux-source-6.1}'");
        require(
                kinds.size() == 1,
                "'source' has " + String.join(" and ", kinds.keySet()) + "; a kernel is made from one of them");
        String kind = kinds.keySet().iterator().next();
        Map<String, String> owners = new LinkedHashMap<>();
        owners.put(suite == null ? "" : "suite", "debian");
        owners.put(sha256 == null ? "" : "sha256", "tarball");
        owners.put(commit == null ? "" : "commit", "git");
        owners.remove("");
        owners.forEach((key, owner) -> require(
                owner.equals(kind),
                "'source." + key + "' belongs to a source of 'source." + owner + "', not to one of '" + kind + "'"));
        return switch (kind) {
            case "debian" -> new DebianSource(debian, suite, patches);
            case "tarball" -> new TarballSource(tarball, sha256, patches);
            default -> new GitSource(git, commit, patches);
        };
    }

    /** Throws {@link IllegalArgumentException} with that sentence unless it is good. */
    static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
