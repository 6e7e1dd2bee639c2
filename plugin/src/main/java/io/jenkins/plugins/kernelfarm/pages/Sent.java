package io.jenkins.plugins.kernelfarm.pages;

import io.jenkins.plugins.kernelfarm.repository.ServletExchange;
import io.kernelfarm.pipelines.serve.FileAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import jenkins.util.VirtualFile;

/**
 * Sends what is not a page: data, consoles, packages. A console is text that a kernel under test printed, and no browser is to take it for
 * anything else.
 */
final class Sent {

    private Sent() {}

    /** Sends {@code text}, which is what a script or a JSON file would hold. */
    static void text(String text, Path file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String type = file.toString().endsWith(".js") ? "text/javascript" : "application/json";
        bytes(text.getBytes(StandardCharsets.UTF_8), type + ";charset=utf-8", request, response);
    }

    /** Sends {@code content}, unless who asks has just that already. */
    static void bytes(byte[] content, String type, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String tag = "\"" + digest(content) + "\"";
        harmless(response);
        response.setContentType(type);
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "no-cache");
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentLength(content.length);
        if (request.getMethod().equals("GET")) {
            response.getOutputStream().write(content);
        }
    }

    /** Sends a file of the controller's, or a part of it. A symbolic link is none. */
    static void file(Path file, HttpServletRequest request, HttpServletResponse response) throws IOException {
        harmless(response);
        ServletExchange exchange = new ServletExchange(request, response);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            FileAnswer.send(exchange, file);
        } else {
            FileAnswer.nothing(exchange);
        }
    }

    /** Sends a file of Jenkins' archive, or leads to where it is if that is elsewhere. */
    static void archived(VirtualFile file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!file.isFile()) {
            FileAnswer.nothing(new ServletExchange(request, response));
            return;
        }
        URL elsewhere = file.toExternalURL();
        URI place = file.toURI();
        if (elsewhere != null) {
            response.sendRedirect(elsewhere.toExternalForm());
        } else if ("file".equals(place.getScheme())) {
            file(Path.of(place), request, response);
        } else {
            harmless(response);
            response.setContentType("application/octet-stream");
            response.setContentLengthLong(file.length());
            if (request.getMethod().equals("GET")) {
                try (InputStream in = file.open(LinkOption.NOFOLLOW_LINKS)) {
                    in.transferTo(response.getOutputStream());
                }
            }
        }
    }

    private static void harmless(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
