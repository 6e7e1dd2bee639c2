package io.jenkins.plugins.kernelfarm.pages;

import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.jenkins.plugins.kernelfarm.collect.KeptPackage;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A run as the remote API has it. */
@ExportedBean(defaultVisibility = 2)
public final class RemoteRun {
    private final RunSummary run;
    private final int build;
    private final String job;
    private final KeptLayout layout;

    /**
     * The run as one of {@code build}.
     *
     * @param job URL of the job below that of Jenkins
     */
    RemoteRun(RunSummary run, int build, String job, KeptLayout layout) {
        this.run = run;
        this.build = build;
        this.job = job;
        this.layout = layout;
    }

    @Exported
    public String getId() {
        return run.id();
    }

    @Exported
    public int getBuild() {
        return build;
    }

    @Exported
    public String getUrl() {
        return job + build + "/" + KeptLayout.NAME + "/runs/" + run.id() + "/";
    }

    @Exported
    public String getRelease() {
        return run.release();
    }

    @Exported
    public String getSource() {
        return run.source();
    }

    @Exported
    public String getStarted() {
        return run.started().toString();
    }

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

    /** Why there is no matrix. */
    @Exported
    public String getStanding() {
        return run.standing();
    }

    @Exported
    public List<RemoteCell> getCells() {
        return run.cells().stream().map(RemoteCell::new).toList();
    }

    @Exported
    public List<RemotePackage> getPackages() throws IOException {
        return KeptPackage.read(layout.packageList(run.id())).stream()
                .map(RemotePackage::new)
                .toList();
    }

    /** A cell as the remote API has it. */
    @ExportedBean(defaultVisibility = 3)
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
    @ExportedBean(defaultVisibility = 3)
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
