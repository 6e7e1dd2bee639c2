package io.jenkins.plugins.kernelfarm.repository;

import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.kernelfarm.bootmatrix.dashboard.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The summaries that pages showed last. */
final class SummaryCache {
    private static final int MOST = 1_000;

    private record Read(FileTime time, Optional<RunSummary> summary) {}

    private final Map<Path, Read> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Read> eldest) {
            return size() > MOST;
        }
    };

    /** What is known of a run in short; empty if it went away, or was written by a farm of another kind. */
    Optional<RunSummary> read(KernelIndex.Kept kept) throws IOException {
        Path file = KeptLayout.ofBuild(kept.buildFolder()).dashboard().summary(kept.run());
        FileTime time;
        try {
            time = Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        synchronized (last) {
            Read known = last.get(file);
            if (known != null && known.time().equals(time)) {
                return known.summary();
            }
        }
        Optional<RunSummary> summary = RunSummary.read(file);
        synchronized (last) {
            last.put(file, new Read(time, summary));
        }
        return summary;
    }
}
