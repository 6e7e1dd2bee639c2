package io.kernelfarm.artifacts.dnf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.AtomicFile;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.PackageMetadata;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.repository.ChannelName;
import io.kernelfarm.artifacts.repository.PoolFile;
import io.kernelfarm.artifacts.repository.PublishedPackage;
import io.kernelfarm.artifacts.repository.Repository;
import io.kernelfarm.artifacts.repository.RepositoryLock;
import io.kernelfarm.artifacts.rpm.RpmHeader;
import io.kernelfarm.artifacts.rpm.RpmReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dnf repository for each channel: packages and {@code repodata} whose files are named after their digests, unsigned. A
 * channel's {@code repodata} is its record of what it has.
 */
public final class DnfRepository implements Repository {
    private static final Compression GZIP = new Compression(Compression.Algorithm.GZIP, 9);
    private static final Pattern LOCATION =
            Pattern.compile("<location href=\"repodata/([0-9a-f]{64}-(\\w+)\\.xml\\.gz)\"/>");
    private static final Pattern PACKAGE = Pattern.compile("<package .*?</package>\n", Pattern.DOTALL);
    private static final Pattern PRIMARY_KEY = Pattern.compile(
            "<name>(.*?)</name>\\s*<arch>(.*?)</arch>\\s*<version (.*?)/>\\s*<checksum type=\"sha256\" pkgid=\"YES\">([0-9a-f]{64})<");
    private static final Pattern PACKAGE_ID = Pattern.compile("pkgid=\"([0-9a-f]{64})\"");

    private final DnfLayout layout;
    private final RpmReader reader = new RpmReader(ReadLimits.DEFAULT);

    public DnfRepository(Path root) {
        this.layout = new DnfLayout(root.toAbsolutePath().normalize());
    }

    private record Packaged(PublishedPackage published, RpmMetadata metadata) {}

    private record Checked(RpmReader.Headers headers, List<RpmReader.Listed> entries) {}

    @Override
    public List<PublishedPackage> publish(List<Path> packages, String channel) throws IOException {
        ChannelName.checked(channel);
        List<Checked> checked = new ArrayList<>();
        for (Path file : packages) {
            RpmReader.Headers headers = reader.headers(file);
            reader.checkWhole(file);
            checked.add(new Checked(headers, reader.entries(file, headers.header())));
        }
        return RepositoryLock.hold(layout.root(), () -> {
            List<Packaged> added = new ArrayList<>();
            for (int i = 0; i < packages.size(); i++) {
                added.add(add(packages.get(i), checked.get(i), channel));
            }
            index(channel, added.stream().map(Packaged::metadata).toList());
            return added.stream().map(Packaged::published).toList();
        });
    }

    private Packaged add(Path file, Checked checked, String channel) throws IOException {
        RpmHeader header = checked.headers().header();
        PackageMetadata metadata = RpmReader.metadata(header);
        String sha256 = Digests.sha256(file);
        // An epoch is not part of a file's name.
        String fileName = metadata.name() + "-" + metadata.version().replaceFirst("^[0-9]+:", "") + "."
                + metadata.architecture() + ".rpm";
        Path place = layout.packaged(channel, fileName, sha256);
        PoolFile.add(file, place);
        RpmMetadata.PackageFile facts = new RpmMetadata.PackageFile(
                layout.channel(channel).relativize(place).toString(),
                sha256,
                Files.size(place),
                Files.getLastModifiedTime(place).toInstant().getEpochSecond());
        return new Packaged(
                new PublishedPackage(
                        place,
                        sha256,
                        facts.size(),
                        metadata.name(),
                        metadata.version(),
                        metadata.architecture(),
                        channel),
                RpmMetadata.of(facts, checked.headers(), checked.entries()));
    }

    private void index(String channel, List<RpmMetadata> added) throws IOException {
        SortedMap<String, RpmMetadata> packages = new TreeMap<>();
        present(channel).forEach(one -> packages.put(one.nevra(), one));
        added.forEach(one -> packages.put(one.nevra(), one));

        Files.createDirectories(layout.repodata(channel));
        long now = Instant.now().getEpochSecond();
        StringBuilder repomd = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<repomd xmlns=\"http://linux.duke.edu/metadata/repo\">\n  <revision>" + now + "</revision>\n");
        repomd.append(write(
                channel,
                "primary",
                "<metadata xmlns=\"http://linux.duke.edu/metadata/common\""
                        + " xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\"",
                "</metadata>\n",
                packages,
                RpmMetadata::primary,
                now));
        repomd.append(write(
                channel,
                "filelists",
                "<filelists xmlns=\"http://linux.duke.edu/metadata/filelists\"",
                "</filelists>\n",
                packages,
                RpmMetadata::filelists,
                now));
        repomd.append(write(
                channel,
                "other",
                "<otherdata xmlns=\"http://linux.duke.edu/metadata/other\"",
                "</otherdata>\n",
                packages,
                RpmMetadata::other,
                now));
        repomd.append("</repomd>\n");
        AtomicFile.write(layout.repomd(channel), repomd.toString().getBytes(UTF_8));
    }

    /** Writes one list and returns what {@code repomd.xml} says of it. */
    private String write(
            String channel,
            String type,
            String start,
            String end,
            SortedMap<String, RpmMetadata> packages,
            Function<RpmMetadata, String> part,
            long now)
            throws IOException {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append(start)
                .append(" packages=\"")
                .append(packages.size())
                .append("\">\n");
        packages.values().forEach(one -> xml.append(part.apply(one)));
        byte[] plain = xml.append(end).toString().getBytes(UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = GZIP.compress(packed)) {
            out.write(plain);
        }
        String sha256 = Digests.sha256(packed.toByteArray());
        String name = sha256 + "-" + type + ".xml.gz";
        AtomicFile.write(layout.repodata(channel).resolve(name), packed.toByteArray());
        return """
                  <data type="%s">
                    <checksum type="sha256">%s</checksum>
                    <open-checksum type="sha256">%s</open-checksum>
                    <location href="repodata/%s"/>
                    <timestamp>%s</timestamp>
                    <size>%s</size>
                    <open-size>%s</open-size>
                  </data>
                """.formatted(type, sha256, Digests.sha256(plain), name, now, packed.size(), plain.length);
    }

    /** The packages that the channel's lists, which this class wrote, have now. */
    private List<RpmMetadata> present(String channel) throws IOException {
        String repomd;
        try {
            repomd = Files.readString(layout.repomd(channel));
        } catch (NoSuchFileException e) {
            return List.of();
        }
        Map<String, String> lists = new HashMap<>();
        Matcher location = LOCATION.matcher(repomd);
        while (location.find()) {
            byte[] packed = Files.readAllBytes(layout.repodata(channel).resolve(location.group(1)));
            try (InputStream in = Compression.Algorithm.GZIP.decompress(new ByteArrayInputStream(packed))) {
                lists.put(location.group(2), new String(in.readAllBytes(), UTF_8));
            }
        }
        Map<String, String> filelists = byPackageId(lists.getOrDefault("filelists", ""));
        Map<String, String> other = byPackageId(lists.getOrDefault("other", ""));
        List<RpmMetadata> present = new ArrayList<>();
        Matcher element = PACKAGE.matcher(lists.getOrDefault("primary", ""));
        while (element.find()) {
            String primary = element.group();
            Matcher key = PRIMARY_KEY.matcher(primary);
            if (!key.find() || !filelists.containsKey(key.group(4)) || !other.containsKey(key.group(4))) {
                throw new IOException(layout.repomd(channel) + " names lists that do not belong together;"
                        + " remove the channel's repodata and publish its packages again");
            }
            present.add(new RpmMetadata(
                    RpmMetadata.nevra(key.group(1), key.group(3), key.group(2)),
                    key.group(4),
                    primary,
                    filelists.get(key.group(4)),
                    other.get(key.group(4))));
        }
        return present;
    }

    private static Map<String, String> byPackageId(String list) {
        Map<String, String> elements = new HashMap<>();
        Matcher element = PACKAGE.matcher(list);
        while (element.find()) {
            Matcher id = PACKAGE_ID.matcher(element.group());
            if (id.find()) {
                elements.put(id.group(1), element.group());
            }
        }
        return elements;
    }
}
