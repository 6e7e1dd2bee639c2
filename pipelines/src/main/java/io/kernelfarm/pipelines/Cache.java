package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is in the cache, and what has to leave it. An item is a source tree, an object tree, a finished build, a distribution's kernel and so on;
 * all can be made again. ccache keeps its own bounds.
 */
public final class Cache {

    /** Whoever uses what has no lock of its own took it less than this ago. */
    private static final Duration IN_USE = Duration.ofDays(1);

    private final CacheLayout layout;
    private final Progress progress;

    public Cache(CacheLayout layout, Progress progress) {
        this.layout = layout;
        this.progress = progress;
    }

    /**
     * Something in the cache.
     *
     * @param shelf what kind of thing it is, as the folder in the cache, for example {@code builds}
     * @param bytes of its files; those that runs have too, as hard links, count as well
     * @param used when it was last asked for
     */
    public record Item(String shelf, String name, long bytes, Instant used) {}

    /** All there is, what was not used for the longest time first. */
    public List<Item> items() throws IOException {
        List<Item> items = new ArrayList<>();
        for (Path shelf : layout.shelves()) {
            for (Path place : entries(shelf)) {
                items.add(new Item(
                        layout.root().relativize(shelf).toString(),
                        place.getFileName().toString(),
                        bytes(place),
                        used(place)));
            }
        }
        items.sort(Comparator.comparing(Item::used).thenComparing(Item::shelf).thenComparing(Item::name));
        return items;
    }

    /** What ccache keeps, in bytes. */
    public long ccacheBytes() throws IOException {
        return bytes(layout.ccache()) + bytes(layout.containers().ccache());
    }

    /**
     * Removes what was not used for too long, and then what was not used for the longest time, until the rest is within {@code limits}. What another
     * farm uses stays, and so does what was used within a day, but for builds and object trees.
     *
     * @return what was removed
     */
    public List<Item> keepWithin(CacheLimits limits, Instant now) throws IOException {
        List<Item> items = items();
        long total = items.stream().mapToLong(Item::bytes).sum();
        List<Item> removed = new ArrayList<>();
        for (Item item : items) {
            boolean old = item.used().plus(limits.age()).isBefore(now);
            if ((old || total > limits.bytes()) && isIdle(item, now) && remove(item)) {
                total -= item.bytes();
                removed.add(item);
            }
        }
        return removed;
    }

    private boolean isIdle(Item item, Instant now) {
        return layout.isLocked(item.shelf()) || item.used().plus(IN_USE).isBefore(now);
    }

    /** In one step: a farm that dies meanwhile leaves it whole, or nothing of it. */
    private boolean remove(Item item) throws IOException {
        Path place = layout.root().resolve(item.shelf()).resolve(item.name());
        try (Scratch scratch = Scratch.in(layout)) {
            return FolderLock.tryHolding(place, () -> {
                for (Path beside : layout.beside(place)) {
                    Files.deleteIfExists(beside);
                }
                Scratch.deliver(place, scratch.folder().resolve("removed"));
                progress.at(-1, "removing " + item.shelf() + "/" + item.name() + " from the cache");
                FileTrees.delete(scratch.folder().resolve("removed"));
            });
        }
    }

    private List<Path> entries(Path shelf) throws IOException {
        if (!Files.isDirectory(shelf)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(shelf)) {
            return entries.filter(entry -> !CacheLayout.isBeside(entry))
                    .sorted()
                    .toList();
        }
    }

    /** A lock's time is when somebody last took it. */
    private static Instant used(Path place) throws IOException {
        Instant made = time(place);
        Instant locked = time(FolderLock.file(place));
        return locked.isAfter(made) ? locked : made;
    }

    private static Instant time(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MIN;
        }
    }

    private static long bytes(Path tree) throws IOException {
        long[] sum = new long[1];
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum[0] += attributes.isRegularFile() ? attributes.size() : 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE; // Gone in the meantime: another farm is at work.
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            return 0;
        }
        return sum[0];
    }
}
