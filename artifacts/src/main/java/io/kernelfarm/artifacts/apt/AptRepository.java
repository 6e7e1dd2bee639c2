package io.kernelfarm.artifacts.apt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.deb.DebControl;
import io.kernelfarm.artifacts.deb.DebReader;
import io.kernelfarm.artifacts.repository.ChannelName;
import io.kernelfarm.artifacts.repository.PoolFile;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.Repository;
import io.kernelfarm.artifacts.repository.RepositoryLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An apt repository as Debian's RepositoryFormat describes it, with indexes by hash, unsigned. A channel's {@code Packages}
 * files are its record of what it has.
 */
public final class AptRepository implements Repository {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final AptLayout layout;
    private final DebReader reader = new DebReader(ReadLimits.DEFAULT);

    public AptRepository(Path root) {
        this.layout = new AptLayout(root.toAbsolutePath().normalize());
    }

    private record Pooled(PublishedPackage published, Map<String, String> stanza) {}

    @Override
    public List<PublishedPackage> publish(List<Path> packages, String channel) throws IOException {
        ChannelName.checked(channel);
        List<Map<String, String>> controls = new ArrayList<>();
        for (Path file : packages) {
            controls.add(reader.control(file));
            reader.checkWhole(file);
        }
        return RepositoryLock.hold(layout.root(), () -> {
            List<Pooled> pooled = new ArrayList<>();
            for (int i = 0; i < packages.size(); i++) {
                pooled.add(pool(packages.get(i), controls.get(i), channel));
            }
            index(channel, pooled);
            return pooled.stream().map(Pooled::published).toList();
        });
    }

    private Pooled pool(Path file, Map<String, String> control, String channel) throws IOException {
        String name = control.get("Package");
        String version = control.get("Version");
        String architecture = control.get("Architecture");
        String sha256 = Digests.sha256(file);
        // An epoch is not part of a file's name.
        String fileName = name + "_" + version.replaceFirst("^[0-9]+:", "") + "_" + architecture + ".deb";
        Path place = layout.pooled(name, fileName, sha256);
        PoolFile.add(file, place);
        long size = Files.size(place);

        Map<String, String> stanza = new LinkedHashMap<>(control);
        stanza.put("Filename", layout.root().relativize(place).toString());
        stanza.put("Size", Long.toString(size));
        stanza.put("SHA256", sha256);
        return new Pooled(new PublishedPackage(place, sha256, size, name, version, architecture, channel), stanza);
    }

    private void index(String channel, List<Pooled> added) throws IOException {
        SortedMap<String, List<Map<String, String>>> byArchitecture = new TreeMap<>();
        for (String known : architectures(channel)) {
            byArchitecture.put(known, new ArrayList<>());
        }
        for (Pooled one : added) {
            byArchitecture
                    .computeIfAbsent(one.published().architecture(), key -> new ArrayList<>())
                    .add(one.stanza());
        }
        SortedMap<String, byte[]> indexes = new TreeMap<>();
        for (Map.Entry<String, List<Map<String, String>>> architecture : byArchitecture.entrySet()) {
            byte[] plain = merged(layout.packages(channel, architecture.getKey()), architecture.getValue());
            writeIndex(channel, architecture.getKey(), "Packages", plain, indexes);
            writeIndex(
                    channel,
                    architecture.getKey(),
                    "Packages.gz",
                    compress(new Compression(Compression.Algorithm.GZIP, 9), plain),
                    indexes);
            writeIndex(
                    channel,
                    architecture.getKey(),
                    "Packages.xz",
                    compress(new Compression(Compression.Algorithm.XZ, 6), plain),
                    indexes);
        }
        Files.createDirectories(layout.channel(channel));
        AtomicFile.write(layout.release(channel), release(channel, byArchitecture.keySet(), indexes));
    }

    private List<String> architectures(String channel) throws IOException {
        List<String> architectures = new ArrayList<>();
        Path component = layout.channel(channel).resolve(AptLayout.COMPONENT);
        if (Files.isDirectory(component)) {
            try (DirectoryStream<Path> directories = Files.newDirectoryStream(component, "binary-*")) {
                directories.forEach(directory ->
                        architectures.add(directory.getFileName().toString().substring("binary-".length())));
            }
        }
        return architectures;
    }

    private static byte[] merged(Path packages, List<Map<String, String>> added) throws IOException {
        SortedMap<String, Map<String, String>> stanzas = new TreeMap<>();
        try {
            DebControl.parse(Files.readString(packages)).forEach(stanza -> stanzas.put(key(stanza), stanza));
        } catch (NoSuchFileException e) {
            // The channel's first packages of this architecture.
        }
        added.forEach(stanza -> stanzas.put(key(stanza), stanza));
        StringBuilder text = new StringBuilder();
        stanzas.values()
                .forEach(stanza -> text.append(DebControl.format(stanza)).append('\n'));
        return text.toString().getBytes(UTF_8);
    }

    private static String key(Map<String, String> stanza) {
        return stanza.get("Package") + " " + stanza.get("Version");
    }

    private void writeIndex(
            String channel, String architecture, String name, byte[] content, Map<String, byte[]> indexes)
            throws IOException {
        Path byHash = layout.byHash(channel, architecture, Digests.sha256(content));
        Files.createDirectories(byHash.getParent());
        AtomicFile.write(byHash, content);
        Path place = layout.indexes(channel, architecture).resolve(name);
        AtomicFile.write(place, content);
        indexes.put(layout.channel(channel).relativize(place).toString(), content);
    }

    private static byte[] compress(Compression compression, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.compress(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] release(String channel, Iterable<String> architectures, SortedMap<String, byte[]> indexes) {
        Map<String, String> release = new LinkedHashMap<>();
        release.put("Origin", "Kernel Farm");
        release.put("Label", "Kernel Farm");
        release.put("Suite", channel);
        release.put("Codename", channel);
        release.put("Date", DATE.format(Instant.now()));
        release.put("Acquire-By-Hash", "yes");
        release.put("Architectures", String.join(" ", architectures));
        release.put("Components", AptLayout.COMPONENT);
        release.put("Description", "Kernels of the channel " + channel);
        StringBuilder digests = new StringBuilder();
        indexes.forEach((path, content) ->
                digests.append("\n %s %s %s".formatted(Digests.sha256(content), content.length, path)));
        release.put("SHA256", digests.toString());
        return DebControl.format(release).getBytes(UTF_8);
    }
}
