package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one sentence for a disk that is full. */
public final class Disk {

    /** strerror(ENOSPC): what Java, compilers and tar alike report. */
    public static final String FULL = "No space left on device";

    private Disk() {}

    /** Whether {@code error} or one of its causes comes from a full disk. */
    static boolean isFull(Throwable error) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (at.getMessage() != null && at.getMessage().contains(FULL)) {
                return true;
            }
        }
        return false;
    }

    /** A full disk at {@code place}, or at the nearest folder above it that exists. */
    public static FarmException full(Path place) {
        return FarmException.farm("the disk is full at " + place.toAbsolutePath() + " (" + free(place)
                + " free); make room there, or name other folders with --out and --cache");
    }

    /**
     * The sentence for {@code error}: a full disk is named with the file in question, or else with whichever of
     * {@code places} has the least room.
     */
    static FarmException explain(IOException error, List<Path> places) {
        if (!isFull(error)) {
            return FarmException.farm(sentence(error), error);
        }
        Optional<Path> named = Optional.empty();
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (at instanceof FileSystemException file && file.getFile() != null) {
                named = Optional.of(Path.of(file.getFile()));
            }
        }
        return full(named.orElseGet(() ->
                places.stream().min(Comparator.comparingLong(Disk::freeBytes)).orElse(Path.of(""))));
    }

    static String sentence(IOException error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        if (error instanceof java.nio.file.NoSuchFileException) {
            return message + " does not exist";
        }
        if (error instanceof java.nio.file.AccessDeniedException) {
            return message + " may not be written or read by this user; name other folders with --out and --cache";
        }
        // The class says more than the message where Java speaks, and nothing where the farm does.
        return error.getClass() == IOException.class
                ? message
                : error.getClass().getSimpleName() + ": " + message;
    }

    static String free(Path place) {
        return size(freeBytes(place));
    }

    /** In decimal units, as disks are sold. */
    public static String size(long bytes) {
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    static long freeBytes(Path place) {
        for (Path at = place.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                // Not by its FileStore: that wants the mount to be listed, which it is not in a chroot.
                return at.toFile().getUsableSpace();
            }
        }
        return 0;
    }
}
