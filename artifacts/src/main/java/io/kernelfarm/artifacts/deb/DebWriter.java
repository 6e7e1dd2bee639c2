package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageInfo;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.Relations.Kind;
import io.kernelfarm.artifacts.ScriptHook;
import io.kernelfarm.artifacts.pack.SourceFile;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes Debian packages: deb(5), deb-control(5), deb-md5sums(5).
 *
 * @param compression of both members, the control files and the contents
 */
public record DebWriter(Compression compression) implements PackageWriter {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
    private static final Pattern VERSION = Pattern.compile("[0-9][A-Za-z0-9+.~]*");
    private static final Map<ScriptHook, String> SCRIPT_NAMES = Map.of(
            ScriptHook.PRE_INSTALL, "preinst",
            ScriptHook.POST_INSTALL, "postinst",
            ScriptHook.PRE_REMOVE, "prerm",
            ScriptHook.POST_REMOVE, "postrm");
    private static final SortedMap<Kind, String> RELATION_FIELDS = new TreeMap<>(Map.of(
            Kind.PROVIDES, "Provides",
            Kind.DEPENDS, "Depends",
            Kind.RECOMMENDS, "Recommends",
            Kind.SUGGESTS, "Suggests",
            Kind.ENHANCES, "Enhances",
            Kind.CONFLICTS, "Conflicts",
            Kind.BREAKS, "Breaks",
            Kind.REPLACES, "Replaces"));

    @Override
    public String fileName(PackageSpec spec) {
        return spec.name() + "_" + version(spec) + "_" + spec.architecture().deb() + ".deb";
    }

    private static String version(PackageSpec spec) {
        return spec.version() + "-" + spec.release();
    }

    @Override
    public void write(PackageSpec spec, OutputStream out) throws IOException {
        check(spec);
        Path data = Files.createTempFile("kernel-farm-data-", ".tar");
        try {
            Contents contents = writeData(spec, data);
            byte[] control = control(spec, contents);
            long mtime = spec.timestamp().getEpochSecond();
            long dataSize = Files.size(data);
            ArFormat.start(out);
            member(out, "debian-binary", "2.0\n".getBytes(US_ASCII), mtime);
            member(out, "control.tar." + compression.algorithm().suffix(), control, mtime);
            ArFormat.member(out, "data.tar." + compression.algorithm().suffix(), dataSize, mtime);
            SourceFile.copy(data, out);
            ArFormat.end(out, dataSize);
        } finally {
            Files.deleteIfExists(data);
        }
    }

    private static void check(PackageSpec spec) {
        if (!NAME.matcher(spec.name()).matches()) {
            throw new IllegalArgumentException("a deb cannot be called '" + spec.name() + "': " + NAME.pattern());
        }
        if (!VERSION.matcher(spec.version()).matches()
                || !VERSION.matcher("0" + spec.release()).matches()) {
            throw new IllegalArgumentException("a deb cannot have the version '" + version(spec) + "'");
        }
        if (spec.scripts().containsKey(ScriptHook.POST_TRANSACTION)) {
            throw new IllegalArgumentException("a deb has no script for the end of the transaction");
        }
        if (!spec.relations().of(Kind.SUPPLEMENTS).isEmpty()) {
            throw new IllegalArgumentException("a deb cannot supplement others; let it enhance them");
        }
        if (!spec.changelog().isEmpty()) {
            throw new IllegalArgumentException("a deb has its changelog as a file among its entries");
        }
        for (PackageEntry entry : spec.entries()) {
            if (entry instanceof PackageEntry.Ghost) {
                throw new IllegalArgumentException("a deb has no ghost files, as " + entry.path() + " would be one");
            }
        }
    }

    /** @param md5sums path without the slash in front to digest */
    private record Contents(long installedKib, SortedMap<String, String> md5sums) {}

    private Contents writeData(PackageSpec spec, Path data) throws IOException {
        long installedKib = 0;
        SortedMap<String, String> md5sums = new TreeMap<>();
        try (TarWriter tar = tar(new BufferedOutputStream(Files.newOutputStream(data), 1 << 16), spec)) {
            byte[] buffer = new byte[SourceFile.BUFFER_SIZE];
            tar.directory(".", 0755);
            for (PackageEntry entry : withParents(spec.entries())) {
                String name = "./" + entry.path().relative();
                // As dpkg-gencontrol(1) counts: a file by started KiB, anything else as one.
                installedKib += 1;
                if (entry instanceof PackageEntry.File file) {
                    SourceFile source = file.content().source();
                    installedKib += Math.max(0, (source.size() + 1023) / 1024 - 1);
                    MessageDigest md5 = Digests.of("MD5");
                    tar.file(name, file.mode(), source, md5, buffer);
                    md5sums.put(entry.path().relative(), Digests.hex(md5));
                } else if (entry instanceof PackageEntry.Symlink link) {
                    tar.symlink(name, link.target());
                } else {
                    tar.directory(name, entry.mode());
                }
            }
        }
        return new Contents(installedKib, md5sums);
    }

    /** dpkg does not make the directories above a file by itself. */
    private static Iterable<PackageEntry> withParents(List<PackageEntry> entries) {
        SortedMap<InstallPath, PackageEntry> all = new TreeMap<>();
        entries.forEach(entry -> all.put(entry.path(), entry));
        for (PackageEntry entry : entries) {
            Optional<InstallPath> above = entry.path().parent();
            while (above.isPresent() && !all.containsKey(above.get())) {
                all.put(above.get(), new PackageEntry.Directory(above.get(), 0755));
                above = above.get().parent();
            }
        }
        return all.values();
    }

    private byte[] control(PackageSpec spec, Contents contents) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        files.put("control", controlFile(spec, contents.installedKib()));
        StringBuilder md5sums = new StringBuilder();
        contents.md5sums()
                .forEach((path, md5) ->
                        md5sums.append(md5).append("  ").append(path).append('\n'));
        files.put("md5sums", md5sums.toString());
        spec.scripts().forEach((hook, script) -> files.put(SCRIPT_NAMES.get(hook), script));
        if (!spec.watched().isEmpty()) {
            // deb-triggers(5). Nobody has to wait for this package: noawait.
            files.put(
                    "triggers",
                    spec.watched().stream()
                            .map(path -> "interest-noawait " + path + "\n")
                            .collect(Collectors.joining()));
        }

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarWriter tar = tar(bytes, spec)) {
            tar.directory(".", 0755);
            for (Map.Entry<String, String> file : files.entrySet()) {
                int mode = SCRIPT_NAMES.containsValue(file.getKey()) ? 0755 : 0644;
                tar.file("./" + file.getKey(), mode, file.getValue().getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static String controlFile(PackageSpec spec, long installedKib) {
        PackageInfo info = spec.info();
        StringBuilder control = new StringBuilder();
        field(control, "Package", spec.name());
        field(control, "Version", version(spec));
        field(control, "Architecture", spec.architecture().deb());
        field(control, "Maintainer", info.maintainer());
        field(control, "Installed-Size", Long.toString(installedKib));
        RELATION_FIELDS.forEach((kind, field) ->
                field(control, field, String.join(", ", spec.relations().of(kind))));
        field(control, "Section", info.section());
        field(control, "Priority", "optional");
        field(control, "Homepage", info.homepage());
        field(control, "Description", info.summary());
        info.description()
                .strip()
                .lines()
                .map(line -> line.isBlank() ? " ." : " " + line.stripTrailing())
                .forEach(line -> control.append(line).append('\n'));
        return control.toString();
    }

    private static void field(StringBuilder control, String name, String value) {
        if (!value.isEmpty()) {
            control.append(name).append(": ").append(value).append('\n');
        }
    }

    private TarWriter tar(OutputStream out, PackageSpec spec) throws IOException {
        return new TarWriter(compression.compress(out), spec.timestamp().getEpochSecond());
    }

    private static void member(OutputStream out, String name, byte[] content, long mtime) throws IOException {
        ArFormat.member(out, name, content.length, mtime);
        out.write(content);
        ArFormat.end(out, content.length);
    }
}
