package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Downloads a file whose digest is known, by curl, which finds a proxy in the environment and the user's passwords in
 * {@code ~/.netrc}. What has come is kept if the connection breaks or the farm is ended, and gone on with the next time.
 */
public final class Download {

    /** Far more than a kernel's tarball or a Jenkins has. */
    public static final long MAX_BYTES = 4L << 30;

    private static final int ATTEMPTS = 4;

    /** Exit codes of curl(1). */
    private static final int HTTP_ERROR = 22;

    private static final int WRITE_ERROR = 23;
    private static final int NO_RANGES = 33;
    private static final int TOO_LARGE = 63;

    /** The connection broke or stood still: it may be better in a moment. */
    private static final Set<Integer> BROKEN = Set.of(18, 28, 52, 55, 56, 92);

    private static final Set<Integer> NOT_FOR_US = Set.of(401, 403, 404, 410);

    private final From from;
    private final String sha256;
    private final Complaints complaints;
    private final CacheLayout cache;
    private final Progress progress;

    /**
     * Where a file is.
     *
     * @param address for curl; what is secret in it is shown to nobody
     * @param user {@code NAME:PASSWORD}, unless {@code ~/.netrc} has them
     * @param shown the address as everybody may read it
     */
    public record From(String address, Optional<String> user, String shown) {
        private String name() {
            return shown.substring(shown.lastIndexOf('/') + 1);
        }
    }

    /** What whoever needs the file says, and advises, if it does not come. */
    public interface Complaints {

        /**
         * The server has no such file, or not for this user.
         *
         * @param status of HTTP
         */
        FarmException refused(int status);

        FarmException tooLarge();

        /**
         * Another file came.
         *
         * @param sha256 of it
         */
        FarmException another(String sha256);

        /**
         * It did not come whole; what has come is kept.
         *
         * @param reason in a few words
         */
        FarmException unreachable(String reason);
    }

    /**
     * Begins nothing yet.
     *
     * @param sha256 of the file, in lower-case hexadecimal
     */
    public Download(From from, String sha256, Complaints complaints, CacheLayout cache, Progress progress) {
        this.from = from;
        this.sha256 = sha256;
        this.complaints = complaints;
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * The whole file in the cache, to be moved or deleted; nobody else works on it.
     *
     * @throws FarmException one of the complaints, or that the disk is full
     */
    public Path complete() throws IOException {
        Path part = cache.download(sha256);
        Files.createDirectories(part.getParent());
        boolean resumed = isBegun(part);
        if (resumed) {
            if (Sha256.of(part).equals(sha256)) {
                return part;
            }
            progress.note("going on with the download of " + from.shown() + " at " + Disk.size(Files.size(part)));
        }
        boolean inPieces = fetch(part) || resumed;
        progress.at(-1, "checking " + from.name());
        String found = Sha256.of(part);
        if (!found.equals(sha256) && inPieces) {
            progress.note("what was there of " + from.shown() + " belongs to another file: downloading all of it");
            Files.delete(part);
            fetch(part);
            found = Sha256.of(part);
        }
        if (!found.equals(sha256)) {
            Files.delete(part);
            throw complaints.another(found);
        }
        return part;
    }

    private static boolean isBegun(Path part) throws IOException {
        return Files.exists(part) && Files.size(part) > 0;
    }

    /** @return whether the connection broke in between */
    private boolean fetch(Path part) throws IOException {
        for (int attempt = 1; ; attempt++) {
            progress.at(-1, "downloading " + from.name());
            boolean resumes = isBegun(part);
            Command.Result result = curl(part);
            int status = result.output().isBlank()
                    ? 0
                    : Integer.parseInt(result.output().strip());
            if (result.exit() == 0) {
                return attempt > 1;
            }
            boolean badStart = result.exit() == NO_RANGES || (result.exit() == HTTP_ERROR && status == 416);
            if (attempt < ATTEMPTS && badStart && resumes) {
                Files.delete(part); // The server sends files from their begin only, or has a shorter one.
            } else if (attempt == ATTEMPTS || !mayPass(result.exit(), status)) {
                throw failure(result, status, part);
            } else {
                progress.note(
                        "the download of " + from.shown() + " broke off (" + words(result) + "): going on with it");
            }
        }
    }

    private static boolean mayPass(int exit, int status) {
        return BROKEN.contains(exit) || (exit == HTTP_ERROR && (status == 429 || status >= 500));
    }

    private Command.Result curl(Path part) throws IOException {
        try (Scratch scratch = Scratch.in(cache)) {
            // Other users can see a program's words, but not into this folder.
            Path secret = scratch.folder().resolve("curl.conf");
            String user =
                    from.user().map(both -> "user = " + quoted(both) + "\n").orElse("");
            Files.writeString(secret, "url = " + quoted(from.address()) + "\n" + user);
            return Command.of(
                            "curl",
                            "--disable",
                            "--config",
                            secret.toString(),
                            "--globoff",
                            "--netrc-optional",
                            "--fail",
                            "--silent",
                            "--show-error",
                            "--location",
                            "--proto",
                            "=http,https",
                            "--proto-redir",
                            "=http,https",
                            "--connect-timeout",
                            "30",
                            "--speed-limit",
                            "100",
                            "--speed-time",
                            "60",
                            "--max-filesize",
                            Long.toString(MAX_BYTES),
                            "--continue-at",
                            "-",
                            "--output",
                            part.toString(),
                            "--write-out",
                            "%{http_code}")
                    .run();
        }
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private FarmException failure(Command.Result result, int status, Path part) {
        if (result.exit() == WRITE_ERROR) {
            return Disk.full(part);
        }
        if (result.exit() == TOO_LARGE) {
            return complaints.tooLarge();
        }
        return NOT_FOR_US.contains(status) ? complaints.refused(status) : complaints.unreachable(words(result));
    }

    /** curl's last words: {@code curl: (6) Could not resolve host: …}. */
    private static String words(Command.Result result) {
        String words =
                result.errors().isBlank() ? "no message" : result.errors().strip();
        return words.lines().reduce("", (before, line) -> line).replaceFirst("^curl: ", "");
    }
}
