package io.jenkins.plugins.kernelfarm.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The SHA-256 sums of files, remembered as long as their metadata stay what they were: no step hashes 25 MB again that nobody has touched.
 * The time of the last change (ctime) is among the metadata, which nobody can set back.
 *
 * <p>What is remembered lasts as long as this class: on an agent, which gets its classes over the connection, as long as that one.
 */
final class HashedFiles {
    /** Of this process. One version of the plugin asks for the files of one version of the program, so this stays small. */
    static final HashedFiles HERE = new HashedFiles(Clock.systemUTC(), ProgramFiles::sha256);

    /**
     * A file that changed more recently than this may change again without another time stamp: clocks of file systems tick in
     * milliseconds, some in a second or two.
     */
    private static final Duration TICK = Duration.ofSeconds(3);

    private final Clock clock;
    private final Hash hash;
    private final Map<Path, Hashed> known = new ConcurrentHashMap<>();

    /** What is done to a file that is not known. */
    interface Hash {
        /** In lower-case hexadecimal. */
        String of(Path file) throws IOException;
    }

    HashedFiles(Clock clock, Hash hash) {
        this.clock = clock;
        this.hash = hash;
    }

    private record Hashed(Metadata metadata, String sha256) {}

    /**
     * What cannot stay the same when the content changes.
     *
     * @param key device and inode
     * @param size bytes
     */
    private record Metadata(Object key, long size, FileTime modified, FileTime changed) {
        static Metadata of(Path file) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:fileKey,size,lastModifiedTime,ctime");
            return new Metadata(
                    attributes.get("fileKey"),
                    (Long) attributes.get("size"),
                    (FileTime) attributes.get("lastModifiedTime"),
                    (FileTime) attributes.get("ctime"));
        }

        boolean isOlderThan(Instant moment) {
            return modified.toInstant().isBefore(moment) && changed.toInstant().isBefore(moment);
        }
    }

    /** Whether {@code file} is there with the content that {@code sha256} stands for. */
    boolean has(Path file, String sha256) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            return sha256(file).equals(sha256);
        } catch (NoSuchFileException e) {
            return false; // Somebody else cleans up.
        }
    }

    private String sha256(Path file) throws IOException {
        Instant begun = clock.instant();
        Metadata before = Metadata.of(file);
        Hashed seen = known.get(file);
        if (seen != null && seen.metadata().equals(before)) {
            return seen.sha256();
        }
        String sha256 = hash.of(file);
        if (before.isOlderThan(begun.minus(TICK)) && Metadata.of(file).equals(before)) {
            known.put(file, new Hashed(before, sha256));
        } else {
            known.remove(file);
        }
        return sha256;
    }
}
