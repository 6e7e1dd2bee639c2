package io.kernelfarm.pipelines.serve;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves what a farm publishes, for reading only: conditional requests and ranges as RFC 9110 has them, so that apt and dnf
 * go on with a download only if the file is still the one that they began with.
 */
public final class FileServer implements AutoCloseable {

    private static final int MOVED = 301;
    private static final int FAULT = 500;

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
            reply(exchange, new JdkExchange(exchange));
        } catch (RuntimeException e) {
            if (exchange.getResponseCode() < 0) {
                FileAnswer.say(new JdkExchange(exchange), FAULT, "a fault in the farm itself");
            }
            throw e;
        }
    }

    private void reply(HttpExchange exchange, FileExchange answer) throws IOException {
        if (!FileAnswer.isReading(answer)) {
            return;
        }
        String path = exchange.getRequestURI().getRawPath();
        Optional<Site.Found> found = site.find(path);
        if (found.isEmpty()) {
            FileAnswer.nothing(answer);
        } else if (found.get().folder()) {
            // With two slashes in front it would lead to another host.
            answer.set("Location", "/" + path.replaceFirst("^/+", "") + "/");
            FileAnswer.say(answer, MOVED, "moved");
        } else {
            FileAnswer.send(answer, found.get().file());
        }
    }

    private record JdkExchange(HttpExchange exchange) implements FileExchange {

        private static final int NOT_MODIFIED = 304;

        @Override
        public String method() {
            return exchange.getRequestMethod();
        }

        @Override
        public List<String> asked(String header) {
            return exchange.getRequestHeaders().getOrDefault(header, List.of());
        }

        @Override
        public void set(String header, String value) {
            exchange.getResponseHeaders().set(header, value);
        }

        @Override
        public void begin(int status, long length) throws IOException {
            boolean head = method().equals("HEAD");
            if (head && length >= 0 && status != NOT_MODIFIED) {
                set("Content-Length", Long.toString(length));
            }
            // To this server, 0 is a length that is not known, and -1 is no body.
            exchange.sendResponseHeaders(status, head || length == 0 ? -1 : Math.max(0, length));
        }

        @Override
        public OutputStream body() {
            return exchange.getResponseBody();
        }
    }
}
