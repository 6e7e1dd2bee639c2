package io.kernelfarm.bootmatrix.dashboard;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The pages over many runs, each made when it is asked for, for whoever shows them within pages of their own. What is asked for is named
 * by its place in a {@link DashboardLayout}.
 */
public final class OverviewPages {

    private final DashboardLayout layout;
    private final List<RunSummary> newestFirst;

    /**
     * Makes none of them yet.
     *
     * @param newestFirst all runs, of which a page takes those that it shows; the list may read them only then
     */
    public OverviewPages(DashboardLayout layout, List<RunSummary> newestFirst) {
        this.layout = layout;
        this.newestFirst = newestFirst;
    }

    /**
     * The first page.
     *
     * @param latest the newest run with a matrix
     */
    public Page home(Optional<DashboardRun> latest) {
        return HomePage.render(layout, List.of(), newestFirst, latest);
    }

    /** The page whose place is {@code file}, other than the first one. */
    public Optional<Page> page(Path file) {
        if (file.equals(layout.history())) {
            return Optional.of(new HistoryPage(layout, newest()).render());
        }
        if (file.equals(layout.compare())) {
            return Optional.of(ComparePage.render(layout, newest()));
        }
        int pages = ArchivePage.pages(newestFirst);
        for (int number = 1; number <= pages; number++) {
            if (file.equals(layout.archive(number))) {
                return Optional.of(ArchivePage.render(layout, newestFirst, number, pages));
            }
        }
        return Optional.empty();
    }

    /** The text of {@code history.json} or of its twin, if that is what {@code file} is. */
    public Optional<String> data(Path file) {
        return file.equals(layout.historyData()) || file.equals(DataFile.twin(layout.historyData()))
                ? Optional.of(DataFile.text(file, new HistoryPage(layout, newest()).data()))
                : Optional.empty();
    }

    /** As many as the charts have; whoever has ten thousand runs does not read them all for a page. */
    private List<RunSummary> newest() {
        return newestFirst.subList(0, Math.min(HistoryPage.TREND, newestFirst.size()));
    }
}
