package io.jenkins.plugins.kernelfarm.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One page of the list of all kernels.
 *
 * @param number of the page, from 1
 * @param total of kernels on all pages
 */
public record KernelPage(int number, int total, List<KernelRow> rows, int pages) {
    /** A run's name begins with the time at which it began. */
    private static final Comparator<KernelIndex.Kept> NEWEST_FIRST = Comparator.comparing(KernelIndex.Kept::run)
            .thenComparing(KernelIndex.Kept::build)
            .reversed();

    interface Reader {
        Optional<KernelRow> row(KernelIndex.Kept kept) throws IOException;
    }

    static KernelPage of(List<KernelIndex.Kept> all, int number, int size, Reader reader) throws IOException {
        List<KernelIndex.Kept> sorted = new ArrayList<>(all);
        sorted.sort(NEWEST_FIRST);
        int pages = Math.max(1, (sorted.size() + size - 1) / size);
        int page = Math.min(number, pages);
        List<KernelRow> rows = new ArrayList<>();
        for (KernelIndex.Kept kept : sorted.subList((page - 1) * size, Math.min(sorted.size(), page * size))) {
            reader.row(kept).ifPresent(rows::add);
        }
        return new KernelPage(page, sorted.size(), List.copyOf(rows), pages);
    }

    public int getNumber() {
        return number;
    }

    public int getTotal() {
        return total;
    }

    public int getPages() {
        return pages;
    }

    public List<KernelRow> getRows() {
        return rows;
    }
}
