package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.pipelines.ChannelContents;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A channel, as pages and the remote API show it. */
@ExportedBean(defaultVisibility = 2)
public final class ChannelView {
    private final String name;
    private final boolean promotable;
    private final List<KernelView> kernels;
    private final String url;

    /**
     * @param promotable whether it takes what is promoted; the other one takes every build
     * @param url of the repositories; empty if nobody knows it
     */
    ChannelView(String name, boolean promotable, List<ChannelContents.Kernel> kernels, String url) {
        this.name = name;
        this.promotable = promotable;
        this.kernels = kernels.stream().map(KernelView::new).toList();
        this.url = url;
    }

    @Exported
    public String getName() {
        return name;
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

        KernelView(ChannelContents.Kernel kernel) {
            this.kernel = kernel;
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
