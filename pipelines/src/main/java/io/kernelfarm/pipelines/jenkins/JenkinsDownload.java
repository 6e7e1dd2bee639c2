package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Jenkins and its plugins from a mirror of Jenkins' downloads. All that comes is compared with sums that were known before, so neither the
 * mirror nor the way to it is trusted. Java's own settings name a proxy ({@code -Dhttps.proxyHost} and so on).
 *
 * @param mirror where {@code war-stable/} and {@code plugins/} are, with a slash at the end
 * @param folder where it is kept, as a {@link JenkinsDistribution}; what is there with the right sum is not asked for again
 */
public record JenkinsDownload(URI mirror, List<Pin> pins, Path folder) {

    private static final String PINS = "downloads.sha256";

    private static final Duration TO_CONNECT = Duration.ofSeconds(30);
    /** Between two pieces of an answer. */
    private static final Duration TO_READ = Duration.ofSeconds(60);

    /** Bytes; far more than a Jenkins has. */
    private static final long LARGEST = 1 << 30;

    private static final int RANGE_NOT_SATISFIABLE = 416;

    public JenkinsDownload {
        pins = List.copyOf(pins);
    }

    /**
     * A file of the mirror.
     *
     * @param sha256 in lower-case hexadecimal
     * @param path below the mirror's address: {@code war-stable/VERSION/jenkins.war}, or {@code plugins/NAME/VERSION/NAME.hpi}
     */
    public record Pin(String sha256, String path) {
        private static final Pattern LINE = Pattern.compile(
                "([0-9a-f]{64})  (war-stable/[0-9.]+/jenkins\\.war|plugins/([A-Za-z0-9_-]+)/[A-Za-z0-9][A-Za-z0-9._+-]*/\\3\\.hpi)");

        /**
         * The pins in {@code lines}, as sha256sum(1) prints them; empty ones and those that begin with {@code #} are left out.
         *
         * @throws IllegalArgumentException naming a line that is no pin
         */
        public static List<Pin> parse(List<String> lines) {
            List<Pin> pins = new ArrayList<>();
            for (String line : lines) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    Matcher pin = LINE.matcher(line);
                    if (!pin.matches()) {
                        throw new IllegalArgumentException(
                                "'" + line + "' is not a SHA-256 and the path of a Jenkins or a plugin");
                    }
                    pins.add(new Pin(pin.group(1), pin.group(2)));
                }
            }
            return pins;
        }

        private Path in(Path folder) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            return (path.startsWith("plugins/") ? folder.resolve("plugins") : folder).resolve(name);
        }
    }

    /** What {@code pipelines/jenkins/downloads.sha256} names: the versions that were tried together. */
    public static List<Pin> pinned() throws IOException {
        try (InputStream in = JenkinsDownload.class.getResourceAsStream(PINS)) {
            return Pin.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    /**
     * The mirror with this address.
     *
     * @throws FarmException wrong usage, if it is none
     */
    public static URI mirror(String address) {
        try {
            URI mirror = new URI(address.endsWith("/") ? address : address + "/");
            if (mirror.getHost() != null && ("http".equals(mirror.getScheme()) || "https".equals(mirror.getScheme()))) {
                return mirror;
            }
        } catch (URISyntaxException e) {
            // The same sentence says it.
        }
        throw FarmException.usage("'" + address
                + "' is not the address of a mirror of Jenkins' downloads; it begins with http:// or https:// and names the folder"
                + " that has war-stable/ and plugins/");
    }

    /**
     * Downloads what is not there yet.
     *
     * @throws FarmException wrong usage, if the mirror has not all of it; the farm's fault, if it cannot be reached or sends something
     *     else. What came before is kept, and so is the beginning of a file that broke off.
     */
    public JenkinsDistribution fetch(Progress progress) throws IOException {
        return FolderLock.holding(folder, progress, () -> {
            Files.createDirectories(folder.resolve("plugins"));
            List<Pin> missing = new ArrayList<>();
            for (Pin pin : pins) {
                if (!isThere(pin)) {
                    missing.add(pin);
                }
            }
            if (!missing.isEmpty()) {
                progress.note("downloading " + missing.size() + " of " + pins.size() + " files from " + mirror + " to "
                        + folder);
            }
            for (Pin pin : missing) {
                fetch(pin);
            }
            return JenkinsDistribution.in(folder);
        });
    }

    private boolean isThere(Pin pin) throws IOException {
        Path file = pin.in(folder);
        return Files.isRegularFile(file) && Sha256.of(file).equals(pin.sha256());
    }

    private void fetch(Pin pin) throws IOException {
        URI from = mirror.resolve(pin.path());
        Path file = pin.in(folder);
        // Of this content: what is left of another is not gone on with.
        Path part = file.resolveSibling(file.getFileName() + "." + pin.sha256() + ".part");
        while (!receive(from, part)) {
            // Each turn brought something.
        }
        String came = Sha256.of(part);
        if (!came.equals(pin.sha256())) {
            Files.delete(part);
            throw FarmException.farm(
                    "what came from " + from + " has the SHA-256 " + came + " instead of " + pin.sha256()
                            + ", so it was thrown away; name another mirror with --download URL, or a Jenkins of your own with --dist DIR");
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Goes on with {@code part}; answers whether it is whole now, and throws if there is not more of it than before. */
    private static boolean receive(URI from, Path part) throws IOException {
        long before = Files.exists(part) ? Files.size(part) : 0;
        HttpURLConnection connection = (HttpURLConnection) from.toURL().openConnection();
        connection.setConnectTimeout((int) TO_CONNECT.toMillis());
        connection.setReadTimeout((int) TO_READ.toMillis());
        if (before > 0) {
            connection.setRequestProperty("Range", "bytes=" + before + "-");
        }
        try {
            int status = connection.getResponseCode();
            if (status == RANGE_NOT_SATISFIABLE && before > 0) {
                return true; // Nothing is missing, or what is there is something else: the sum tells.
            }
            if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
                throw refused(from, status);
            }
            boolean more = status == HttpURLConnection.HTTP_PARTIAL;
            long announced = connection.getContentLengthLong();
            long expected = announced < 0 ? announced : announced + (more ? before : 0);
            copy(connection, part, more ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
            if (expected >= 0 && Files.size(part) < expected) {
                throw new IOException("the connection ended at byte " + Files.size(part) + " of " + expected);
            }
            return true;
        } catch (IOException e) {
            if (Files.exists(part) && Files.size(part) > before) {
                return false;
            }
            throw FarmException.farm(
                    from + " did not come (" + reason(e)
                            + "); see that this machine reaches it, if need be by a proxy (JAVA_TOOL_OPTIONS=-Dhttps.proxyHost=HOST), and"
                            + " call this again to go on, or name a Jenkins of your own with --dist DIR",
                    e);
        }
    }

    private static void copy(HttpURLConnection connection, Path part, StandardOpenOption how) throws IOException {
        try (InputStream in = connection.getInputStream();
                OutputStream out =
                        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            byte[] buffer = new byte[1 << 16];
            long rest = LARGEST;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                rest -= read;
                if (rest < 0) {
                    return; // The sum will tell.
                }
                out.write(buffer, 0, read);
            }
        }
    }

    private static FarmException refused(URI from, int status) {
        if (status == HttpURLConnection.HTTP_NOT_FOUND) {
            return FarmException.usage("there is no " + from
                    + "; see that --download or JENKINS_DOWNLOADS names a mirror of Jenkins' downloads: the folder that has war-stable/ and"
                    + " plugins/");
        }
        return FarmException.farm(from + " is answered with " + status
                + "; name another mirror with --download URL, or a Jenkins of your own with --dist DIR");
    }

    private static String reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host is not known";
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return "nobody answers there";
        }
        return e.getMessage();
    }
}
