package io.kernelfarm.bootmatrix.machine.netboot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The farm itself as a web server, for as long as a machine is on: {@code http://HOST:PORT/boot.ipxe} and the files that it
 * names. The network's DHCP server gives the machine that address as its boot file.
 */
public record BootServer(InetSocketAddress address) implements BootPlace {

    private static final Set<String> NAMES = Set.of("boot.ipxe", "vmlinuz", "initrd.gz", "xen");

    @Override
    public Offer offer(BootMedia media) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("this machine has no address '" + address.getHostString()
                    + "' to serve boot files from; name one of its own");
        }
        Path folder = Files.createTempDirectory("farm-netboot");
        try {
            BootFiles.write(folder, media);
            HttpServer server = bind();
            ExecutorService threads = Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "boot-files");
                thread.setDaemon(true);
                return thread;
            });
            server.setExecutor(threads);
            server.createContext("/", exchange -> serve(exchange, folder));
            server.start();
            return () -> {
                server.stop(0);
                threads.shutdownNow();
                BootFiles.discard(folder);
            };
        } catch (IOException e) {
            BootFiles.discard(folder);
            throw e;
        }
    }

    private HttpServer bind() throws IOException {
        try {
            return HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException(
                    "boot files cannot be served at " + address.getHostString() + ":" + address.getPort() + " ("
                            + e.getMessage() + "); name an address of this machine and a port that is free",
                    e);
        }
    }

    private static void serve(HttpExchange exchange, Path folder) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(1);
            String method = exchange.getRequestMethod();
            if (!NAMES.contains(name) || !Files.exists(folder.resolve(name))) {
                exchange.sendResponseHeaders(404, -1);
            } else if (method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(Files.size(folder.resolve(name))));
                exchange.sendResponseHeaders(200, -1);
            } else if (!method.equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
            } else {
                exchange.sendResponseHeaders(200, Files.size(folder.resolve(name)));
                try (OutputStream out = exchange.getResponseBody()) {
                    Files.copy(folder.resolve(name), out);
                }
            }
        }
    }
}
