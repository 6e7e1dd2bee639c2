package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.pipelines.ChannelContents;
import io.kernelfarm.pipelines.Promoter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A channel, as pages and the remote API show it. */
@ExportedBean(defaultVisibility = 2)
public final class ChannelView {
    private final String name;
    private final boolean promotable;
    private final List<KernelView> kernels;
    private final String url;

    private ChannelView(String name, boolean promotable, List<KernelView> kernels, String url) {
        this.name = name;
        this.promotable = promotable;
        this.kernels = List.copyOf(kernels);
        this.url = url;
    }

    /**
     * All channels: those of the settings, and then what is left of others.
     *
     * @param names those of the settings; the first takes every build, the others what is promoted
     * @param url of the repositories; empty if nobody knows it
     */
    static List<ChannelView> all(
            List<String> names, SortedMap<String, List<ChannelContents.Kernel>> contents, String url) {
        Set<String> all = new LinkedHashSet<>(names);
        all.addAll(contents.keySet());
        List<String> targets = names.stream().skip(1).toList();
        return all.stream()
                .map(name -> {
                    boolean promotable = targets.contains(name);
                    List<KernelView> kernels = contents.getOrDefault(name, List.of()).stream()
                            .map(kernel -> new KernelView(
                                    kernel,
                                    (promotable ? List.of(name) : targets)
                                            .stream()
                                                    .map(target -> new Target(target, has(contents, target, kernel)))
                                                    .toList()))
                            .toList();
                    return new ChannelView(name, promotable, kernels, url);
                })
                .toList();
    }

    private static boolean has(
            SortedMap<String, List<ChannelContents.Kernel>> contents, String channel, ChannelContents.Kernel kernel) {
        return contents.getOrDefault(channel, List.of()).stream()
                .anyMatch(one -> one.run().equals(kernel.run()));
    }

    /**
     * A channel that a kernel can be promoted to, or taken out of.
     *
     * @param there whether it is in it already
     */
    public record Target(String name, boolean there) {
        public String getName() {
            return name;
        }

        public boolean isThere() {
            return there;
        }
    }

    @Exported
    public String getName() {
        return name;
    }

    /** Whether nothing in it is proved. */
    @Exported
    public boolean isRehearsal() {
        return name.equals(Promoter.REHEARSAL);
    }

    @Exported
    public boolean isPromotable() {
        return promotable;
    }

    @Exported
    public List<KernelView> getKernels() {
        return kernels;
    }

    @Exported
    public String getAptUrl() {
        return url.isEmpty() ? "" : url + "/apt";
    }

    @Exported
    public String getDnfUrl() {
        return url.isEmpty() ? "" : url + "/dnf";
    }

    /** What to type for apt; empty while nothing can be installed. */
    public String getApt() {
        return kernels.isEmpty() || url.isEmpty() ? "" : Snippets.apt(url, name, kernels.get(0).kernel);
    }

    /** What to type for dnf; empty while nothing can be installed. */
    public String getDnf() {
        return kernels.isEmpty() || url.isEmpty() ? "" : Snippets.dnf(url, name, kernels.get(0).kernel);
    }

    /** A kernel in it. */
    @ExportedBean(defaultVisibility = 2)
    public static final class KernelView {
        private final ChannelContents.Kernel kernel;
        private final List<Target> targets;

        private KernelView(ChannelContents.Kernel kernel, List<Target> targets) {
            this.kernel = kernel;
            this.targets = targets;
        }

        /** What can be decided on it. */
        public List<Target> getTargets() {
            return targets;
        }

        @Exported
        public String getRun() {
            return kernel.run();
        }

        @Exported
        public String getRelease() {
            return kernel.release();
        }

        @Exported
        public String getImageSha256() {
            return kernel.image();
        }

        /** Who promoted it; null if nobody had to. */
        @Exported
        public String getPromotedBy() {
            return kernel.by().isEmpty() ? null : kernel.by();
        }

        /** Milliseconds since 1970; null if nobody had to promote it. */
        @Exported
        public Long getPromotedAt() {
            return kernel.at() == null ? null : kernel.at().toEpochMilli();
        }

        /** In ISO 8601, for {@code time} in HTML; empty if nobody had to promote it. */
        public String getDate() {
            return kernel.at() == null ? "" : kernel.at().toString();
        }

        /** For people. */
        public String getWhen() {
            return kernel.at() == null ? "" : Dates.text(kernel.at());
        }
    }
}
