package io.kernelfarm.artifacts.unpack;

import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.StoredEntry;
import java.nio.file.Path;

/** Counts a package's entries, and the memory that their names take, against what is allowed. */
public final class EntryBudget {
    /** Of all names and link targets together; the largest kernel packages have some 2 MB. */
    private static final long MAX_NAME_CHARACTERS = 32 << 20;

    /** Each level costs time again for every entry below it. */
    private static final int MAX_DEPTH = 128;

    private final Path file;
    private final ReadLimits limits;
    private long entries;
    private long characters;

    public EntryBudget(Path file, ReadLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    public void take(int nameLength) throws PackageFormatException {
        entries++;
        characters += nameLength;
        if (entries > limits.entries()) {
            throw new PackageFormatException(file, "it has more than " + limits.entries() + " entries");
        }
        if (characters > MAX_NAME_CHARACTERS) {
            throw new PackageFormatException(file, "the names of its entries are absurdly long");
        }
    }

    public void take(StoredEntry entry) throws PackageFormatException {
        if (entry.path().value().chars().filter(c -> c == '/').count() > MAX_DEPTH) {
            throw new PackageFormatException(file, "an entry lies more than " + MAX_DEPTH + " directories deep");
        }
        take(entry.path().value().length() + entry.target().length());
    }
}
