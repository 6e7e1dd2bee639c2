package io.kernelfarm.artifacts.apt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.deb.DebControl;
import io.kernelfarm.artifacts.deb.DebReader;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.repository.ChannelRepository;
import io.kernelfarm.artifacts.repository.ListFile;
import io.kernelfarm.artifacts.repository.ListFormat;
import io.kernelfarm.artifacts.repository.ListedPackage;
import io.kernelfarm.artifacts.repository.NewPackage;
import io.kernelfarm.artifacts.repository.Packing;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** A signed apt repository as Debian's RepositoryFormat describes it, with indexes by hash. */
public final class AptRepository extends ChannelRepository {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final ListFormat PACKAGES =
            new ListFormat("Packages", count -> "", "", List.of(Packing.PLAIN, Packing.XZ, Packing.ZSTD));

    private final SigningKey key;
    private final RepositorySettings settings;
    private final DebReader reader = new DebReader(ReadLimits.DEFAULT);

    public AptRepository(Path root, SigningKey key, RepositorySettings settings) {
        this(new AptLayout(root.toAbsolutePath().normalize()), key, settings);
    }

    private AptRepository(AptLayout layout, SigningKey key, RepositorySettings settings) {
        super(layout.root(), layout.channels(), List.of(PACKAGES), settings);
        this.key = key;
        this.settings = settings;
    }

    @Override
    protected Candidate read(Path file) throws IOException {
        Map<String, String> control = reader.control(file);
        reader.checkWhole(file);
        return new Deb(file, control, Digests.sha256(file));
    }

    private record Deb(Path file, Map<String, String> control, String sha256) implements Candidate {

        @Override
        public String path() {
            // An epoch is not part of a file's name.
            String version = control.get("Version").replaceFirst("^[0-9]+:", "");
            String name = control.get("Package");
            return AptLayout.pooled(name, name + "_" + version + "_" + control.get("Architecture") + ".deb", sha256);
        }

        @Override
        public void copy(Path part) throws IOException {
            MessageDigest digest = Digests.sha256();
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Digests.hex(digest).equals(sha256)) {
                throw new PackageFormatException(file, "it changed while it was published");
            }
        }

        @Override
        public NewPackage describe(Path place, long release) throws IOException {
            long size = Files.size(place);
            Map<String, String> stanza = new LinkedHashMap<>(control);
            stanza.put("Filename", path());
            stanza.put("Size", Long.toString(size));
            stanza.put("SHA256", sha256);
            byte[] text = (DebControl.format(stanza) + "\n").getBytes(UTF_8);
            return new NewPackage(
                    new ListedPackage(
                            control.get("Package"),
                            control.get("Version"),
                            control.get("Architecture"),
                            path(),
                            sha256,
                            sha256,
                            size,
                            release,
                            List.of(text.length)),
                    List.of(text));
        }
    }

    @Override
    protected String shelf(ListedPackage listed) {
        return listed.architecture();
    }

    @Override
    protected String path(String shelf, ListFormat format, Packing packing, String sha256) {
        return AptLayout.indexes(shelf) + "/" + format.name() + packing.suffix();
    }

    @Override
    protected List<String> named(Path state) throws IOException {
        List<String> paths = new ArrayList<>();
        try (DirectoryStream<Path> architectures =
                Files.newDirectoryStream(state.resolve(AptLayout.COMPONENT), "binary-*")) {
            for (Path architecture : architectures) {
                DebControl.parse(Files.readString(architecture.resolve(PACKAGES.name())))
                        .forEach(stanza -> paths.add(stanza.get("Filename")));
            }
        }
        return paths;
    }

    @Override
    protected List<String> seal(Path state, String channel, long number, SortedMap<String, List<ListFile>> lists)
            throws IOException {
        List<String> byHash = new ArrayList<>();
        StringBuilder digests = new StringBuilder();
        for (Map.Entry<String, List<ListFile>> architecture : lists.entrySet()) {
            for (ListFile list : architecture.getValue()) {
                String name = AptLayout.byHash(architecture.getKey(), list.sha256());
                Files.createDirectories(state.resolve(name).getParent());
                if (!Files.exists(state.resolve(name))) {
                    Files.createLink(state.resolve(name), state.resolve(list.path()));
                }
                byHash.add(name);
                digests.append("\n %s %s %s".formatted(list.sha256(), list.size(), list.path()));
            }
        }
        String release = release(channel, lists.keySet(), digests.toString());
        Files.writeString(state.resolve(AptLayout.RELEASE), release);
        Files.writeString(state.resolve(AptLayout.RELEASE_SIGNATURE), key.detached(release.getBytes(UTF_8)));
        Files.writeString(state.resolve(AptLayout.SIGNED_RELEASE), key.clearSign(release));
        return byHash;
    }

    private String release(String channel, Iterable<String> architectures, String digests) {
        Instant now = Instant.now();
        Map<String, String> release = new LinkedHashMap<>();
        release.put("Origin", "Kernel Farm");
        release.put("Label", "Kernel Farm");
        release.put("Suite", channel);
        release.put("Codename", channel);
        release.put("Date", DATE.format(now));
        release.put("Valid-Until", DATE.format(now.plus(settings.validFor())));
        release.put("Acquire-By-Hash", "yes");
        release.put("Architectures", String.join(" ", architectures));
        release.put("Components", AptLayout.COMPONENT);
        release.put("Description", "Kernels of the channel " + channel);
        release.put("SHA256", digests);
        return DebControl.format(release);
    }
}
