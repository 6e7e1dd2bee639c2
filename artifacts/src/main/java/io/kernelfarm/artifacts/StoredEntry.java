package io.kernelfarm.artifacts;

/**
 * One thing in a package that was read.
 *
 * @param mode permission bits, with set-user-id and its like
 * @param size of a file's content in bytes; 0 for anything else
 * @param target where a link leads, as it stands in the package; empty for anything else
 */
public record StoredEntry(InstallPath path, Type type, int mode, long size, String target) {
    /** What it is. */
    public enum Type {
        FILE,
        DIRECTORY,
        SYMLINK,
        /** Another name for a file that came before it in the package. */
        HARD_LINK
    }
}
