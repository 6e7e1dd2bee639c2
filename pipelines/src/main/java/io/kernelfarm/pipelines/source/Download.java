package io.kernelfarm.pipelines.source;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.Disk;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Scratch;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Downloads a file whose digest is known, by curl, which finds a proxy in the environment and the user's passwords in
 * {@code ~/.netrc}. What has come is kept if the connection breaks or the farm is ended, and gone on with the next time.
 */
final class Download {

    /** Of no kernel's tarball, however it is compressed. */
    private static final long MAX_BYTES = 4L << 30;

    private static final int ATTEMPTS = 4;

    /** Exit codes of curl(1). */
    private static final int HTTP_ERROR = 22;

    private static final int WRITE_ERROR = 23;
    private static final int NO_RANGES = 33;
    private static final int TOO_LARGE = 63;

    /** The connection broke or stood still: it may be better in a moment. */
    private static final Set<Integer> BROKEN = Set.of(18, 28, 52, 55, 56, 92);

    private final Location url;
    private final String sha256;
    private final CacheLayout cache;
    private final Progress progress;

    Download(Location url, String sha256, CacheLayout cache, Progress progress) {
        this.url = url;
        this.sha256 = sha256;
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * The whole file in the cache; nobody else works on it.
     *
     * @throws FarmException wrong usage if the server has no such file or another one, else the farm's fault
     */
    Path complete() throws IOException {
        Path part = cache.download(sha256);
        Files.createDirectories(part.getParent());
        boolean resumed = Files.exists(part) && Files.size(part) > 0;
        if (resumed) {
            if (Sha256.of(part).equals(sha256)) {
                return part;
            }
            progress.note("going on with the download of " + url + " at " + Disk.size(Files.size(part)));
        }
        boolean inPieces = fetch(part) || resumed;
        progress.at(-1, "checking " + url.name());
        String found = Sha256.of(part);
        if (!found.equals(sha256) && inPieces) {
            progress.note("what was there of " + url + " belongs to another file: downloading all of it");
            Files.delete(part);
            fetch(part);
            found = Sha256.of(part);
        }
        if (!found.equals(sha256)) {
            Files.delete(part);
            throw TarballSource.wrongDigest(url, found, sha256);
        }
        return part;
    }

    /** @return whether the connection broke in between */
    private boolean fetch(Path part) throws IOException {
        for (int attempt = 1; ; attempt++) {
            progress.at(-1, "downloading " + url.name());
            boolean resumes = Files.exists(part) && Files.size(part) > 0;
            Command.Result result = curl(part);
            int status = result.output().isBlank()
                    ? 0
                    : Integer.parseInt(result.output().strip());
            if (result.exit() == 0) {
                return attempt > 1;
            }
            boolean badStart = result.exit() == NO_RANGES || (result.exit() == HTTP_ERROR && status == 416);
            if (badStart && resumes) {
                Files.delete(part); // The server sends files from their begin only, or has a shorter one.
            } else if (attempt == ATTEMPTS || !mayPass(result.exit(), status)) {
                throw failure(result, status, part);
            } else {
                progress.note("the download of " + url + " broke off (" + words(result) + "): going on with it");
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
            String user = url.credentials()
                    .map(one -> "user = " + quoted(one.user() + ":" + one.password()) + "\n")
                    .orElse("");
            Files.writeString(secret, "url = " + quoted(url.address()) + "\n" + user);
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
            return FarmException.usage("the file at " + url + " has more than the " + Disk.size(MAX_BYTES)
                    + " that a kernel's tarball may have; correct 'source.tarball'");
        }
        if (status == 401 || status == 403 || status == 404 || status == 410) {
            return FarmException.usage("the server has no file for us at " + url + " (HTTP " + status
                    + "); correct 'source.tarball', or the password in it or in ~/.netrc");
        }
        return FarmException.farm("cannot download " + url + " (" + words(result)
                + "); check the network, then try again: what has come is kept");
    }

    /** curl's last words: {@code curl: (6) Could not resolve host: …}. */
    private static String words(Command.Result result) {
        String words =
                result.errors().isBlank() ? "no message" : result.errors().strip();
        return words.lines().reduce("", (before, line) -> line).replaceFirst("^curl: ", "");
    }
}
