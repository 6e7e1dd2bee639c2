package io.kernelfarm.artifacts.dnf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.PackageMetadata;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.repository.ChannelRepository;
import io.kernelfarm.artifacts.repository.ListFile;
import io.kernelfarm.artifacts.repository.ListFormat;
import io.kernelfarm.artifacts.repository.ListedPackage;
import io.kernelfarm.artifacts.repository.NewPackage;
import io.kernelfarm.artifacts.repository.Packing;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import io.kernelfarm.artifacts.rpm.RpmHeader;
import io.kernelfarm.artifacts.rpm.RpmReader;
import io.kernelfarm.artifacts.rpm.RpmSigner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signed dnf repository for each channel: {@code repodata} whose files are named after their digests, and packages that are
 * signed when they are published.
 */
public final class DnfRepository extends ChannelRepository {
    private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final List<Packing> PACKINGS = List.of(Packing.ZSTD, Packing.GZIP);
    private static final List<ListFormat> LISTS = List.of(
            list(
                    "primary",
                    "metadata xmlns=\"http://linux.duke.edu/metadata/common\""
                            + " xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\"",
                    "metadata"),
            list("filelists", "filelists xmlns=\"http://linux.duke.edu/metadata/filelists\"", "filelists"),
            list("other", "otherdata xmlns=\"http://linux.duke.edu/metadata/other\"", "otherdata"));

    private static final Pattern PRIMARY = Pattern.compile("\"(repodata/[0-9a-f]{64}-primary\\.xml\\.zst)\"");
    private static final Pattern LOCATION =
            Pattern.compile("<location href=\"" + DnfLayout.PACKAGES + "/([A-Za-z0-9+._~^/-]+)\"/>");

    /** All packages of a channel are in the same lists. */
    private static final String SHELF = "rpm";

    private final Path root;
    private final SigningKey key;
    private final RepositorySettings settings;
    private final RpmReader reader = new RpmReader(ReadLimits.DEFAULT);

    public DnfRepository(Path root, SigningKey key, RepositorySettings settings) {
        super(root.toAbsolutePath().normalize(), root.toAbsolutePath().normalize(), LISTS, settings);
        this.root = root.toAbsolutePath().normalize();
        this.key = key;
        this.settings = settings;
    }

    private static ListFormat list(String name, String start, String element) {
        return new ListFormat(
                name,
                count -> "%s<%s packages=\"%s\">\n".formatted(XML, start, count),
                "</" + element + ">\n",
                PACKINGS);
    }

    @Override
    protected Candidate read(Path file) throws IOException {
        RpmReader.Headers headers = reader.headers(file);
        reader.checkWhole(file);
        return new Rpm(file, headers, reader.entries(file, headers.header()), Digests.sha256(file));
    }

    private final class Rpm implements Candidate {
        private final Path file;
        private final RpmReader.Headers headers;
        private final List<RpmReader.Listed> entries;
        private final String given;
        private final PackageMetadata metadata;

        Rpm(Path file, RpmReader.Headers headers, List<RpmReader.Listed> entries, String given) throws IOException {
            this.file = file;
            this.headers = headers;
            this.entries = entries;
            this.given = given;
            this.metadata = RpmReader.metadata(headers.header());
        }

        private String pooled() {
            // An epoch is not part of a file's name.
            String fileName = metadata.name() + "-" + metadata.version().replaceFirst("^[0-9]+:", "") + "."
                    + metadata.architecture() + ".rpm";
            // Signing again gives other bytes. What is signed and by whom tells a signed package from all others.
            RpmHeader header = headers.header();
            String identity = Digests.sha256((Digests.sha256(header.bytes()) + key.fingerprint()).getBytes(UTF_8));
            return DnfLayout.pooled(metadata.name(), fileName, identity);
        }

        @Override
        public String path() {
            return DnfLayout.POOL + "/" + pooled();
        }

        @Override
        public void copy(Path part) throws IOException {
            new RpmSigner(key).sign(file, headers, part);
        }

        @Override
        public NewPackage describe(Path place, long release) throws IOException {
            RpmMetadata.PackageFile facts = new RpmMetadata.PackageFile(
                    DnfLayout.PACKAGES + "/" + pooled(),
                    Digests.sha256(place),
                    Files.size(place),
                    Files.getLastModifiedTime(place).toInstant().getEpochSecond());
            RpmMetadata described = RpmMetadata.of(facts, reader.headers(place), entries);
            List<byte[]> texts = new ArrayList<>();
            for (String text : List.of(described.primary(), described.filelists(), described.other())) {
                texts.add(text.getBytes(UTF_8));
            }
            return new NewPackage(
                    new ListedPackage(
                            metadata.name(),
                            metadata.version(),
                            metadata.architecture(),
                            path(),
                            facts.sha256(),
                            given,
                            facts.size(),
                            release,
                            texts.stream().map(text -> text.length).toList()),
                    texts);
        }
    }

    @Override
    protected String shelf(ListedPackage listed) {
        return SHELF;
    }

    @Override
    protected String path(String shelf, ListFormat format, Packing packing, String sha256) {
        return DnfLayout.repodata(packing) + sha256 + "-" + format.name() + ".xml" + packing.suffix();
    }

    @Override
    protected List<String> named(Path state) throws IOException {
        Matcher list =
                PRIMARY.matcher(Files.readString(state.resolve(DnfLayout.repodata(Packing.ZSTD) + "repomd.xml")));
        if (!list.find()) {
            throw new IOException(
                    state + " names no list of packages; remove it and publish the channel's packages again");
        }
        List<String> paths = new ArrayList<>();
        try (InputStream in =
                Compression.Algorithm.ZSTD.decompress(Files.newInputStream(state.resolve(list.group(1))))) {
            Matcher location = LOCATION.matcher(new String(in.readAllBytes(), UTF_8));
            while (location.find()) {
                paths.add(DnfLayout.POOL + "/" + location.group(1));
            }
        }
        return paths;
    }

    @Override
    protected List<String> seal(Path state, String channel, long number, SortedMap<String, List<ListFile>> lists)
            throws IOException {
        List<ListFile> files = lists.values().stream().flatMap(List::stream).toList();
        for (Packing packing : PACKINGS) {
            Path repomd = state.resolve(DnfLayout.repodata(packing) + "repomd.xml");
            Files.createDirectories(repomd.getParent());
            byte[] text = repomd(packing, number, files).getBytes(UTF_8);
            Files.write(repomd, text);
            Files.writeString(repomd.resolveSibling("repomd.xml.asc"), key.detached(text));
            Path view = state.resolve(DnfLayout.view(packing));
            Files.createSymbolicLink(
                    view.resolve(DnfLayout.PACKAGES), view.toAbsolutePath().relativize(root.resolve(DnfLayout.POOL)));
            Files.writeString(view.resolve(DnfLayout.MIRRORS), mirrors(channel, number, packing));
        }
        return files.stream().map(ListFile::path).toList();
    }

    /**
     * The places from which dnf may read: first this very state, which never changes, so that {@code repomd.xml} and its
     * signature, which dnf asks for one after another, always belong together; and the channel, for who comes so late that the
     * state is gone.
     */
    private String mirrors(String channel, long number, Packing packing) {
        String base = settings.url() + "/" + root.getFileName() + "/";
        return "%sstates/%s/%013d/%s\n".formatted(base, channel, number, DnfLayout.view(packing))
                + "%s%s/%s\n".formatted(base, channel, DnfLayout.view(packing));
    }

    private static String repomd(Packing packing, long number, List<ListFile> files) {
        StringBuilder repomd = new StringBuilder(XML)
                .append("<repomd xmlns=\"http://linux.duke.edu/metadata/repo\"")
                .append(" xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\">\n")
                .append("  <revision>")
                .append(number)
                .append("</revision>\n");
        for (ListFile file : files) {
            if (file.packing() == packing) {
                repomd.append("""
                          <data type="%s">
                            <checksum type="sha256">%s</checksum>
                            <location href="%s"/>
                            <timestamp>%s</timestamp>
                            <size>%s</size>
                            <open-size>%s</open-size>
                          </data>
                        """.formatted(
                                file.format().name(),
                                file.sha256(),
                                file.path().substring(DnfLayout.view(packing).length()),
                                number / 1000,
                                file.size(),
                                file.open()));
            }
        }
        return repomd.append("</repomd>\n").toString();
    }
}
