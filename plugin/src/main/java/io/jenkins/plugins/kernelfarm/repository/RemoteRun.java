package io.jenkins.plugins.kernelfarm.repository;

import hudson.model.Job;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.KeptPackage;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A run as the remote API has it, wherever that tells of one. */
@ExportedBean(defaultVisibility = 2)
public final class RemoteRun {
    private final RunSummary run;
    private final Job<?, ?> job;
    private final int build;
    private final KeptLayout layout;

    /**
     * The run as one of a build.
     *
     * @param layout of what is kept with the build
     */
    public RemoteRun(RunSummary run, Job<?, ?> job, int build, KeptLayout layout) {
        this.run = run;
        this.job = job;
        this.build = build;
        this.layout = layout;
    }

    @Exported
    public String getId() {
        return run.id();
    }

    /** The full name of the job. */
    @Exported
    public String getJob() {
        return job.getFullName();
    }

    @Exported
    public int getBuild() {
        return build;
    }

    /** The build, below Jenkins' own URL. */
    @Exported
    public String getBuildUrl() {
        return job.getUrl() + build + "/";
    }

    /** The run's page, below Jenkins' own URL. */
    @Exported
    public String getUrl() {
        return getPages() + "runs/" + run.id() + "/index.html";
    }

    /** The folder of the pages of the build's runs, below Jenkins' own URL. */
    String getPages() {
        return getBuildUrl() + KeptLayout.URL_NAME + "/";
    }

    /** As {@code uname -r} prints it; empty while nobody knows. */
    @Exported
    public String getRelease() {
        return run.release();
    }

    @Exported
    public String getSource() {
        return run.source();
    }

    /** When it began, in milliseconds since 1970, as in the remote API's builds. */
    @Exported
    public long getTimestamp() {
        return run.started().toEpochMilli();
    }

    /** That all stages took together. */
    @Exported
    public double getSeconds() {
        return run.seconds();
    }

    @Exported
    public String getVerdict() {
        return run.verdict().name();
    }

    /** Whether a fake machine played a part of the matrix: then it proves nothing. */
    @Exported
    public boolean isFake() {
        return run.isFake();
    }

    /** The channels of this Jenkins that have the kernel. */
    @Exported
    public List<String> getChannels() throws IOException {
        return ControllerRepository.get().channels(layout, run.id());
    }

    /** Why there is no matrix; empty when there is one. */
    @Exported
    public String getStanding() {
        return run.standing();
    }

    /** Where it is one run of many, these and the packages are shown only if they are asked for. */
    @Exported(visibility = 1)
    public List<RemoteCell> getCells() {
        return run.cells().stream().map(RemoteCell::new).toList();
    }

    @Exported(visibility = 1)
    public List<RemotePackage> getPackages() throws IOException {
        return KeptPackage.read(layout.packageList(run.id())).stream()
                .map(RemotePackage::new)
                .toList();
    }

    /** A cell as the remote API has it. */
    @ExportedBean(defaultVisibility = 2)
    public static final class RemoteCell {
        private final RunSummary.CellSummary cell;

        RemoteCell(RunSummary.CellSummary cell) {
            this.cell = cell;
        }

        @Exported
        public String getId() {
            return cell.cell().id();
        }

        @Exported
        public String getMode() {
            return cell.mode().id();
        }

        @Exported
        public String getHypervisor() {
            return cell.hypervisor();
        }

        @Exported
        public String getFirmware() {
            return cell.firmware();
        }

        @Exported
        public String getMachine() {
            return cell.machine();
        }

        @Exported
        public boolean isRequired() {
            return cell.required();
        }

        @Exported
        public String getVerdict() {
            return cell.verdict().name();
        }

        @Exported
        public boolean isFlaky() {
            return cell.flaky();
        }

        @Exported
        public double getSeconds() {
            return cell.seconds();
        }

        @Exported
        public double getBootSeconds() {
            return cell.bootSeconds();
        }
    }

    /** A package as the remote API has it. */
    @ExportedBean(defaultVisibility = 2)
    public static final class RemotePackage {
        private final KeptPackage file;

        RemotePackage(KeptPackage file) {
            this.file = file;
        }

        @Exported
        public String getName() {
            return file.name();
        }

        @Exported
        public long getSize() {
            return file.size();
        }

        @Exported
        public String getSha256() {
            return file.sha256();
        }
    }
}
