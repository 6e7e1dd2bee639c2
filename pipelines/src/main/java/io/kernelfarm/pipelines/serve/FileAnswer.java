package io.kernelfarm.pipelines.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Answers with files, for reading only: conditional requests and ranges as RFC 9110 has them, so that apt and dnf go on with a
 * download only if the file is still the one that they began with.
 */
public final class FileAnswer {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_METHOD = 405;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NO_SUCH_RANGE = 416;

    private static final int BUFFER = 1 << 16;

    /** Less fits into one packet as it is. */
    private static final int LEAST_COMPRESSED = 1000;

    private static final String UNKNOWN_TYPE = "application/octet-stream";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("json", "application/json"),
            Map.entry("jsonl", "application/jsonl"),
            Map.entry("xml", "application/xml"),
            Map.entry("asc", "text/plain; charset=us-ascii"),
            Map.entry("pem", "text/plain; charset=us-ascii"),
            Map.entry("log", "text/plain; charset=utf-8"),
            Map.entry("sources", "text/plain; charset=utf-8"),
            Map.entry("repo", "text/plain; charset=utf-8"),
            Map.entry("gpg", "application/pgp-signature"),
            Map.entry("deb", "application/vnd.debian.binary-package"),
            Map.entry("rpm", "application/x-rpm"),
            Map.entry("gz", "application/gzip"),
            Map.entry("xz", "application/x-xz"),
            Map.entry("zst", "application/zstd"));
    /** What people look at, and what becomes much smaller; what apt and dnf ask for stays as it is. */
    private static final Set<String> COMPRESSED = Set.of("html", "css", "js", "svg", "json", "jsonl", "log");

    /** apt's indexes have no ending. */
    private static final String TEXT = "text/plain; charset=utf-8";

    private FileAnswer() {}

    /** Whether somebody only reads; says so to whoever wants more. */
    public static boolean isReading(FileExchange exchange) throws IOException {
        if (exchange.method().equals("GET") || isHead(exchange)) {
            return true;
        }
        exchange.set("Allow", "GET, HEAD");
        say(exchange, NO_SUCH_METHOD, "only GET and HEAD");
        return false;
    }

    /** Says that there is no such file. */
    public static void nothing(FileExchange exchange) throws IOException {
        say(exchange, NOT_FOUND, "nothing here");
    }

    /** Answers with a sentence. */
    public static void say(FileExchange exchange, int status, String sentence) throws IOException {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.set("Content-Type", TEXT);
        exchange.begin(status, body.length);
        if (!isHead(exchange)) {
            finish(exchange, out -> out.write(body));
        }
    }

    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void finish(FileExchange exchange, Body body) throws IOException {
        try (OutputStream out = exchange.body()) {
            body.writeTo(out);
        }
    }

    private static boolean isHead(FileExchange exchange) {
        return exchange.method().equals("HEAD");
    }

    private static String first(FileExchange exchange, String header) {
        return exchange.asked(header).stream().findFirst().orElse(null);
    }

    /** Sends {@code file}, or as much of it as is asked for. */
    public static void send(FileExchange exchange, Path file) throws IOException {
        try (Opened opened = Opened.of(file)) {
            boolean compressible = COMPRESSED.contains(ending(file));
            // A range is one of the file as it is.
            boolean compressed = compressible
                    && opened.size() >= LEAST_COMPRESSED
                    && exchange.asked("Range").isEmpty()
                    && AcceptEncoding.gzip(exchange.asked("Accept-Encoding"));
            exchange.set("Content-Type", type(file));
            exchange.set("Accept-Ranges", "bytes");
            exchange.set("ETag", opened.tag(compressed));
            exchange.set("Last-Modified", HTTP_DATE.format(opened.modified()));
            // To be asked for again each time, and answered with 304: what lies here changes without notice.
            exchange.set("Cache-Control", "no-cache");
            if (compressible) {
                exchange.set("Vary", "Accept-Encoding");
            }
            Optional<Integer> refusal = refusal(exchange, opened, opened.tag(compressed));
            if (refusal.isPresent()) {
                exchange.begin(refusal.get(), 0);
            } else if (compressed) {
                sendCompressed(exchange, opened);
            } else {
                sendPlain(exchange, opened);
            }
        } catch (NoSuchFileException e) {
            nothing(exchange); // It went away after it was found.
        }
    }

    private static void sendCompressed(FileExchange exchange, Opened opened) throws IOException {
        exchange.set("Content-Encoding", "gzip");
        // How long it will be is not known before its end.
        exchange.begin(OK, -1);
        if (!isHead(exchange)) {
            finish(exchange, out -> {
                try (OutputStream zip = new GZIPOutputStream(out, BUFFER)) {
                    opened.copy(new ByteRange(0, opened.size()), zip);
                }
            });
        }
    }

    private static void sendPlain(FileExchange exchange, Opened opened) throws IOException {
        // Only GET has ranges.
        Optional<ByteRange> range = isHead(exchange) || !isStillThat(first(exchange, "If-Range"), opened)
                ? Optional.empty()
                : ByteRange.of(first(exchange, "Range"), opened.size());
        if (range.isPresent()) {
            exchange.set("Content-Range", range.get().contentRange(opened.size()));
        }
        int status = range.isEmpty() ? OK : range.get().length() > 0 ? PARTIAL : NO_SUCH_RANGE;
        ByteRange part = range.orElse(new ByteRange(0, opened.size()));
        exchange.begin(status, part.length());
        if (!isHead(exchange) && part.length() > 0) {
            finish(exchange, out -> opened.copy(part, out));
        }
    }

    /**
     * The status of a request whose condition does not hold (RFC 9110, section 13.2.2).
     *
     * @param tag of the file in the encoding that would be sent
     */
    private static Optional<Integer> refusal(FileExchange exchange, Opened file, String tag) {
        String match = first(exchange, "If-Match");
        Optional<Instant> unmodified = date(first(exchange, "If-Unmodified-Since"));
        if (match != null ? !names(match, tag, false) : isBefore(unmodified, file)) {
            return Optional.of(PRECONDITION_FAILED);
        }
        String noneMatch = first(exchange, "If-None-Match");
        Optional<Instant> modified = date(first(exchange, "If-Modified-Since"));
        if (noneMatch != null ? names(noneMatch, tag, true) : modified.isPresent() && !isBefore(modified, file)) {
            return Optional.of(NOT_MODIFIED);
        }
        return Optional.empty();
    }

    private static boolean isBefore(Optional<Instant> date, Opened file) {
        return date.isPresent() && date.get().isBefore(file.modified());
    }

    /** @param weakly whether a tag that is marked as weak counts */
    private static boolean names(String tags, String tag, boolean weakly) {
        return tags.strip().equals("*")
                || Arrays.stream(tags.split(","))
                        .map(String::strip)
                        .anyMatch(one -> one.equals(tag) || (weakly && one.equals("W/" + tag)));
    }

    /**
     * Whether a client that has a part of a file may have the rest of this one (RFC 9110, section 13.1.5). A date says it only
     * of a file that has been left alone for the whole second that it names.
     */
    private static boolean isStillThat(String condition, Opened file) {
        if (condition == null) {
            return true;
        }
        if (condition.strip().endsWith("\"")) {
            return condition.strip().equals(file.tag(false));
        }
        return date(condition).equals(Optional.of(file.modified()))
                && file.modified().isBefore(Instant.now().minusSeconds(1));
    }

    private static Optional<Instant> date(String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip(), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty(); // RFC 9110: a date that is none is ignored.
        }
    }

    private static String type(Path file) {
        String ending = ending(file);
        return ending.isEmpty() ? TEXT : TYPES.getOrDefault(ending, UNKNOWN_TYPE);
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * A file that stays the same while it is read, whatever takes its name meanwhile.
     *
     * @param version for a strong tag: published files are replaced, never written into
     * @param modified to the second, as HTTP has it
     */
    private record Opened(FileChannel channel, long size, String version, Instant modified) implements AutoCloseable {

        static Opened of(Path file) throws IOException {
            while (true) {
                BasicFileAttributes before = Files.readAttributes(file, BasicFileAttributes.class);
                FileChannel channel = FileChannel.open(file);
                BasicFileAttributes after = Files.readAttributes(file, BasicFileAttributes.class);
                if (String.valueOf(before.fileKey()).equals(String.valueOf(after.fileKey()))) {
                    Instant modified = after.lastModifiedTime().toInstant();
                    String version = Long.toHexString(modified.getEpochSecond()) + "-"
                            + Integer.toHexString(modified.getNano()) + "-"
                            + Long.toHexString(channel.size()) + "-"
                            + Integer.toHexString(
                                    String.valueOf(after.fileKey()).hashCode());
                    return new Opened(channel, channel.size(), version, modified.truncatedTo(ChronoUnit.SECONDS));
                }
                channel.close(); // It was replaced between two looks: look again.
            }
        }

        /** The tag of the file as it is, or compressed: other bytes, so another tag. */
        String tag(boolean compressed) {
            return '"' + version + (compressed ? "-gzip" : "") + '"';
        }

        void copy(ByteRange part, OutputStream out) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            long end = part.first() + part.length();
            for (long at = part.first(); at < end; at += buffer.position()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                if (channel.read(buffer, at) < 0) {
                    throw new IOException("the file became shorter while it was sent");
                }
                out.write(buffer.array(), 0, buffer.position());
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
