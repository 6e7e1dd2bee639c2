package io.jenkins.plugins.kernelfarm.repository;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Withdraws in the background what deleted builds have published. What is due is on the disk, see {@link RunBuilds}: many deletions are one
 * change of the repositories, and none is lost when Jenkins stops.
 */
final class Withdrawals {
    private static final Logger LOGGER = Logger.getLogger(Withdrawals.class.getName());

    private static final AtomicBoolean WAITING = new AtomicBoolean();

    private Withdrawals() {}

    /** Has it done, after what is under way. */
    static void soon() {
        if (WAITING.compareAndSet(false, true)) {
            Computer.threadPoolForRemoting.execute(Withdrawals::withdraw);
        }
    }

    private static void withdraw() {
        try {
            ControllerRepository.get().withdraw(() -> WAITING.set(false));
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "Kernel Farm could not withdraw what deleted builds have published, and tries again with the next"
                            + " deletion or publication: {0}",
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            WAITING.set(false);
        }
    }

    private interface Note {
        boolean write(RunBuilds builds) throws IOException;
    }

    private static void note(Note note) {
        try {
            if (note.write(ControllerRepository.get().builds())) {
                soon();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Kernel Farm cannot write down which builds have published a run", e);
        }
    }

    /** Follows builds; Jenkins says that one is deleted before it is. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static final class Builds extends RunListener<Run> {
        @Override
        public void onDeleted(Run run) {
            Run<?, ?> build = run;
            List<String> runs = KernelIndex.read(KernelIndex.builds(build.getParent()), build.getNumber()).stream()
                    .map(KernelIndex.Kept::run)
                    .toList();
            if (!runs.isEmpty()) {
                note(builds -> builds.buildDeleted(runs, RunBuilds.name(build.getParent(), build.getNumber())));
            }
        }
    }

    /** Follows jobs. */
    @Extension
    public static final class Jobs extends ItemListener {
        @Override
        public void onLoaded() {
            try {
                ControllerRepository.get().tidy();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Kernel Farm cannot remove what was left when Jenkins was stopped", e);
            }
            soon();
        }

        @Override
        public void onDeleted(Item item) {
            if (item instanceof Job) {
                note(builds -> builds.jobDeleted(item.getFullName()));
            }
        }

        @Override
        public void onLocationChanged(Item item, String oldFullName, String newFullName) {
            if (item instanceof Job) {
                note(builds -> {
                    builds.jobMoved(oldFullName, newFullName);
                    return false;
                });
            }
        }
    }
}
