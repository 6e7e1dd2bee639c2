package io.kernelfarm.pipelines.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.OutLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/**
 * Serves what a farm publishes, for reading only: conditional requests and ranges as RFC 9110 has them, so that apt and dnf
 * go on with a download only if the file is still the one that they began with.
 */
public final class FileServer implements AutoCloseable {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int MOVED = 301;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_METHOD = 405;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NO_SUCH_RANGE = 416;
    private static final int FAULT = 500;

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

    private final HttpServer server;
    private final ExecutorService clients;
    private final Site site;

    private FileServer(HttpServer server, Site site) {
        this.server = server;
        this.site = site;
        this.clients = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "client");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts to serve.
     *
     * @param address a name or number of this machine
     * @param port 0 for a free one
     * @throws FarmException wrong usage, if nobody can listen there
     */
    public static FileServer start(OutLayout out, String address, int port) throws IOException {
        // Else the kernel holds each small answer back for some 40 ms, and apt asks for dozens.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        if (port < 0 || port > 65535) {
            throw FarmException.usage(
                    "there is no port " + port + "; name one of 0 to 65535, of which 0 takes a free one");
        }
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
        } catch (UnknownHostException e) {
            throw FarmException.usage("there is no address '" + address + "'; name one of this machine's", e);
        } catch (BindException e) {
            throw FarmException.usage(
                    "nobody can listen on port " + port + " of " + address + " (" + e.getMessage()
                            + "); stop what listens there, or name another with --port, of which 0 takes a free one",
                    e);
        }
        FileServer files = new FileServer(server, new Site(out));
        server.setExecutor(files.clients);
        server.createContext("/", files::answer);
        server.start();
        return files;
    }

    /** Where the server is, without a slash at its end. */
    public URI url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host) + ":"
                + address.getPort());
    }

    /** Ends at once, whoever is in the middle of something. */
    @Override
    public void close() {
        server.stop(0);
        clients.shutdownNow();
    }

    /** Answers one request. Only a failure closes the connection: apt asks for dozens of files over one. */
    private void answer(HttpExchange exchange) throws IOException {
        try {
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            reply(exchange);
        } catch (RuntimeException e) {
            if (exchange.getResponseCode() < 0) {
                say(exchange, FAULT, "a fault in the farm itself");
            }
            throw e;
        }
    }

    private void reply(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            say(exchange, NO_SUCH_METHOD, "only GET and HEAD");
            return;
        }
        String path = exchange.getRequestURI().getRawPath();
        Optional<Site.Found> found = site.find(path);
        if (found.isEmpty()) {
            say(exchange, NOT_FOUND, "nothing here");
        } else if (found.get().folder()) {
            // With two slashes in front it would lead to another host.
            exchange.getResponseHeaders().set("Location", "/" + path.replaceFirst("^/+", "") + "/");
            say(exchange, MOVED, "moved");
        } else {
            send(exchange, found.get().file());
        }
    }

    private static void say(HttpExchange exchange, int status, String sentence) throws IOException {
        byte[] body = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TEXT);
        begin(exchange, status, body.length);
        if (!isHead(exchange)) {
            finish(exchange, out -> out.write(body));
        }
    }

    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void finish(HttpExchange exchange, Body body) throws IOException {
        try (OutputStream out = exchange.getResponseBody()) {
            body.writeTo(out);
        }
    }

    private static void begin(HttpExchange exchange, int status, long length) throws IOException {
        boolean without = length == 0 || isHead(exchange);
        if (isHead(exchange) && status != NOT_MODIFIED) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
        }
        exchange.sendResponseHeaders(status, without ? -1 : length);
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }

    private static void send(HttpExchange exchange, Path file) throws IOException {
        try (Opened opened = Opened.of(file)) {
            Headers asked = exchange.getRequestHeaders();
            Headers headers = exchange.getResponseHeaders();
            boolean compressible = COMPRESSED.contains(ending(file));
            // A range is one of the file as it is.
            boolean compressed = compressible
                    && opened.size() >= LEAST_COMPRESSED
                    && !asked.containsKey("Range")
                    && AcceptEncoding.gzip(asked.getOrDefault("Accept-Encoding", List.of()));
            headers.set("Content-Type", type(file));
            headers.set("Accept-Ranges", "bytes");
            headers.set("ETag", opened.tag(compressed));
            headers.set("Last-Modified", HTTP_DATE.format(opened.modified()));
            // To be asked for again each time, and answered with 304: what lies here changes without notice.
            headers.set("Cache-Control", "no-cache");
            if (compressible) {
                headers.set("Vary", "Accept-Encoding");
            }
            Optional<Integer> refusal = refusal(asked, opened, opened.tag(compressed));
            if (refusal.isPresent()) {
                begin(exchange, refusal.get(), 0);
            } else if (compressed) {
                sendCompressed(exchange, opened);
            } else {
                sendPlain(exchange, opened);
            }
        } catch (NoSuchFileException e) {
            say(exchange, NOT_FOUND, "nothing here"); // It went away after it was found.
        }
    }

    private static void sendCompressed(HttpExchange exchange, Opened opened) throws IOException {
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        // How long it will be is not known before its end.
        exchange.sendResponseHeaders(OK, isHead(exchange) ? -1 : 0);
        if (!isHead(exchange)) {
            finish(exchange, out -> {
                try (OutputStream zip = new GZIPOutputStream(out, BUFFER)) {
                    opened.copy(new ByteRange(0, opened.size()), zip);
                }
            });
        }
    }

    private static void sendPlain(HttpExchange exchange, Opened opened) throws IOException {
        Headers asked = exchange.getRequestHeaders();
        // Only GET has ranges.
        Optional<ByteRange> range = isHead(exchange) || !isStillThat(asked.getFirst("If-Range"), opened)
                ? Optional.empty()
                : ByteRange.of(asked.getFirst("Range"), opened.size());
        if (range.isPresent()) {
            exchange.getResponseHeaders().set("Content-Range", range.get().contentRange(opened.size()));
        }
        int status = range.isEmpty() ? OK : range.get().length() > 0 ? PARTIAL : NO_SUCH_RANGE;
        ByteRange part = range.orElse(new ByteRange(0, opened.size()));
        begin(exchange, status, part.length());
        if (!isHead(exchange) && part.length() > 0) {
            finish(exchange, out -> opened.copy(part, out));
        }
    }

    /**
     * The status of a request whose condition does not hold (RFC 9110, section 13.2.2).
     *
     * @param tag of the file in the encoding that would be sent
     */
    private static Optional<Integer> refusal(Headers asked, Opened file, String tag) {
        String match = asked.getFirst("If-Match");
        Optional<Instant> unmodified = date(asked.getFirst("If-Unmodified-Since"));
        if (match != null ? !names(match, tag, false) : isBefore(unmodified, file)) {
            return Optional.of(PRECONDITION_FAILED);
        }
        String noneMatch = asked.getFirst("If-None-Match");
        Optional<Instant> modified = date(asked.getFirst("If-Modified-Since"));
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
