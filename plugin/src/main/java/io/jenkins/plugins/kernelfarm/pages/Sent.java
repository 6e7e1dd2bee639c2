package io.jenkins.plugins.kernelfarm.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.util.VirtualFile;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Sends what is not a page: data, consoles, packages. A console is text that a kernel under test printed, and no browser is to take it for
 * anything else. Conditional requests and ranges are those of RFC 9110.
 */
final class Sent {
    /** Only what is known here is shown; everything else is downloaded. */
    private static final Map<String, String> SHOWN = Map.of(
            "js", "text/javascript;charset=utf-8",
            "json", "application/json;charset=utf-8",
            "xml", "application/xml;charset=utf-8",
            "log", "text/plain;charset=utf-8",
            "control", "text/plain;charset=utf-8",
            "config", "text/plain;charset=utf-8",
            "asc", "text/plain;charset=utf-8");

    private static final Map<String, String> DOWNLOADED = Map.of(
            "deb", "application/vnd.debian.binary-package",
            "rpm", "application/x-rpm",
            "jsonl", "application/jsonl");

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private static final int NO_SUCH_RANGE = 416;

    private Sent() {}

    /** Sends {@code text}, which is what the file would hold. */
    static void text(String text, Path file, StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8), SHOWN.get(ending(file.getFileName().toString())), "private, no-cache", request, response);
    }

    /** Sends {@code content} whole. */
    static void bytes(
            byte[] content, String type, String cacheControl, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException {
        String tag = "\"" + digest(content) + "\"";
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", cacheControl);
        safe(response, type);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(StaplerResponse2.SC_NOT_MODIFIED);
            return;
        }
        response.setContentLength(content.length);
        if (request.getMethod().equals("GET")) {
            response.getOutputStream().write(content);
        }
    }

    /** Sends a file of the controller's, which is replaced and never written into. */
    static void file(Path file, StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        String name = file.getFileName().toString();
        long size = Files.size(file);
        long modified = Files.getLastModifiedTime(file).toMillis();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            send(name, in, size, modified, request, response);
        }
    }

    /** Sends a file of Jenkins' archive, or says where it is if that is elsewhere. */
    static void archived(VirtualFile file, StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        if (!file.isFile()) {
            response.sendError(
                    StaplerResponse2.SC_NOT_FOUND, "This package is not in the archive of the build any more.");
            return;
        }
        URL elsewhere = file.toExternalURL();
        if (elsewhere != null) {
            response.sendRedirect(StaplerResponse2.SC_FOUND, elsewhere.toExternalForm());
            return;
        }
        try (InputStream in = file.open(LinkOption.NOFOLLOW_LINKS)) {
            send(file.getName(), in, file.length(), file.lastModified(), request, response);
        }
    }

    private static void send(
            String name, InputStream in, long size, long modified, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException {
        String tag = "\"" + Long.toHexString(size) + "-" + Long.toHexString(modified) + "\"";
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Accept-Ranges", "bytes");
        String shown = SHOWN.get(ending(name));
        safe(response, shown != null ? shown : DOWNLOADED.getOrDefault(ending(name), "application/octet-stream"));
        if (shown == null) {
            response.setHeader("Content-Disposition", "attachment");
        }
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(StaplerResponse2.SC_NOT_MODIFIED);
            return;
        }
        long from = 0;
        long end = size;
        String range = request.getHeader("Range");
        String condition = request.getHeader("If-Range");
        Matcher part = RANGE.matcher(range == null ? "" : range);
        // A range of another kind, or several, may be passed over.
        if (part.matches()
                && !(part.group(1) + part.group(2)).isEmpty()
                && (condition == null || condition.equals(tag))
                && request.getMethod().equals("GET")) {
            if (part.group(1).isEmpty()) {
                from = Math.max(0, size - Long.parseLong(part.group(2)));
            } else {
                from = Long.parseLong(part.group(1));
                end = part.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(part.group(2)) + 1);
            }
            if (from >= size || from >= end) {
                response.setHeader("Content-Range", "bytes */" + size);
                response.setStatus(NO_SUCH_RANGE);
                return;
            }
            response.setStatus(StaplerResponse2.SC_PARTIAL_CONTENT);
            response.setHeader("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + size);
        }
        response.setContentLengthLong(end - from);
        if (request.getMethod().equals("GET")) {
            in.skipNBytes(from);
            copy(in, response.getOutputStream(), end - from);
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = length;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("a file became shorter while it was sent");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static void safe(StaplerResponse2 response, String type) {
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
