package io.kernelfarm.pipelines.jenkins;

import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Disk;
import io.kernelfarm.pipelines.Download;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Jenkins and its plugins from a mirror of Jenkins' downloads. All that comes is compared with sums that were known before, so neither the
 * mirror nor the way to it is trusted.
 *
 * @param mirror where {@code war-stable/} and {@code plugins/} are, with a slash at the end
 * @param cache where it is kept, as a {@link JenkinsDistribution}; what is there with the right sum is not asked for again
 */
public record JenkinsDownload(URI mirror, List<Pin> pins, CacheLayout cache) {

    private static final String PINS = "downloads.sha256";

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
        Path folder = folder();
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
                fetch(pin, progress);
            }
            return JenkinsDistribution.in(folder);
        });
    }

    private Path folder() {
        return cache.jenkins();
    }

    private boolean isThere(Pin pin) throws IOException {
        Path file = pin.in(folder());
        return Files.isRegularFile(file) && Sha256.of(file).equals(pin.sha256());
    }

    private void fetch(Pin pin, Progress progress) throws IOException {
        String address = mirror.resolve(pin.path()).toString();
        Path part = new Download(
                        new Download.From(address, Optional.empty(), address),
                        pin.sha256(),
                        new Complaints(address, pin.sha256()),
                        cache,
                        progress)
                .complete();
        Files.move(part, pin.in(folder()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Of a mirror. */
    private record Complaints(String address, String sha256) implements Download.Complaints {

        private static final String OTHERWISE =
                "; name another mirror with --download URL, or a Jenkins of your own with --dist DIR";

        @Override
        public FarmException refused(int status) {
            return FarmException.usage("the server has no file for us at " + address + " (HTTP " + status
                    + "); see that --download or JENKINS_DOWNLOADS names a mirror of Jenkins' downloads: the folder that has war-stable/ and"
                    + " plugins/");
        }

        @Override
        public FarmException tooLarge() {
            return FarmException.farm(address + " has more than " + Disk.size(Download.MAX_BYTES) + OTHERWISE);
        }

        @Override
        public FarmException another(String found) {
            return FarmException.farm("what came from " + address + " has the SHA-256 " + found + " instead of "
                    + sha256 + ", so it was thrown away" + OTHERWISE);
        }

        @Override
        public FarmException unreachable(String reason) {
            return FarmException.farm(address + " did not come (" + reason
                    + "); see that this machine reaches it, if need be by a proxy (https_proxy=URL), and call this again to go on,"
                    + " or name a Jenkins of your own with --dist DIR");
        }
    }
}
