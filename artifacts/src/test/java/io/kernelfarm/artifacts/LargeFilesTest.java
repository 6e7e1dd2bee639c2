package io.kernelfarm.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.deb.DebReader;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmReader;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and trees of gigabytes, most of them holes. */
@Tag("real")
class LargeFilesTest {
    private static final long GIB = 1L << 30;
    private static final ReadLimits LIMITS = new ReadLimits(20 * GIB, 1000);
    private static final Compression FAST = new Compression(Compression.Algorithm.ZSTD, 1);

    @TempDir
    private Path dir;

    /** A hole with a word at its end. */
    private Path sparse(Path file, long size) throws IOException {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.setLength(size);
            random.seek(size - 3);
            random.write("end".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return file;
    }

    private PackageSpec spec(Path big) throws IOException {
        Path small = Files.writeString(dir.resolve("small"), "small\n");
        return Samples.of(
                "large",
                "1",
                List.of(
                        new PackageEntry.Directory(Samples.path("/opt/large"), 0755),
                        new PackageEntry.Symlink(Samples.path("/opt/large/link"), "small"),
                        new PackageEntry.File(Samples.path("/opt/large/big"), big, 0644),
                        new PackageEntry.Ghost(Samples.path("/opt/large/ghost"), 0644),
                        new PackageEntry.File(Samples.path("/opt/large/small"), small, 0600)));
    }

    @Test
    void rpmInstallsAFileOfMoreThanFourGibibytes() throws IOException {
        long size = 4 * GIB + 100_001;
        Path rpm = new RpmWriter(FAST).writeInto(spec(sparse(dir.resolve("big"), size)), dir);
        assertThat(Tools.must("rpm", "-Kv", rpm.toString())).contains("Payload SHA256 digest: OK");
        assertThat(Tools.must("rpm", "-qp", "--requires", rpm.toString())).contains("rpmlib(LargeFiles) <= 4.12.0-1\n");
        assertThat(Tools.must("rpm", "-qp", "--qf", "[%{FILENAMES} %{LONGFILESIZES}\\n]%{LONGSIZE}", rpm.toString()))
                .contains("/opt/large/big " + size, "/opt/large/small 6\n")
                .endsWith("" + (size + 6));

        Path root = Files.createDirectory(dir.resolve("root"));
        Tools.must("rpm", "--root=" + root, "--dbpath=/db", "-i", "--force-debian", rpm.toString());
        assertThat(Tools.must("rpm", "--root=" + root, "--dbpath=/db", "-V", "large"))
                .as("rpm compares the digests")
                .isEmpty();
        assertThat(Tools.must("tail", "-c", "4", root.resolve("opt/large/big").toString()))
                .isEqualTo("\0end");
        Tools.must("rm", "-r", root.toString());

        RpmReader reader = new RpmReader(LIMITS);
        assertThat(reader.entries(rpm)).contains(big(size));
        reader.extract(rpm, dir.resolve("ours"));
        assertExtracted(dir.resolve("ours"), size);
    }

    /** Hard links are rpmbuild's: our writer makes none. */
    @Test
    void whatRpmbuildPacksInItsStrippedFormIsRead() throws IOException {
        Path buildRoot = Files.createDirectories(dir.resolve("buildroot/opt/large"));
        long size = 4 * GIB;
        sparse(buildRoot.resolve("big"), size);
        Files.writeString(buildRoot.resolve("a"), "twice\n");
        Files.createLink(buildRoot.resolve("b"), buildRoot.resolve("a"));
        Files.createSymbolicLink(buildRoot.resolve("link"), Path.of("a"));
        Path specFile = Files.writeString(dir.resolve("large.spec"), """
                Name: large
                Version: 1
                Release: 1
                Summary: s
                License: MIT
                AutoReqProv: no
                %description
                d
                %files
                /opt/large
                """);
        Tools.must(
                "rpmbuild",
                "-bb",
                "--define=_topdir " + dir.resolve("top"),
                "--define=_binary_payload w1.zstdio",
                "--define=__os_install_post %{nil}",
                "--buildroot=" + dir.resolve("buildroot"),
                specFile.toString());
        Path rpm = Path.of(Tools.must("find", dir.resolve("top/RPMS").toString(), "-name", "*.rpm")
                .strip());
        new RpmReader(LIMITS).extract(rpm, dir.resolve("ours"));
        Path large = dir.resolve("ours/opt/large");
        assertThat(Files.size(large.resolve("big"))).isEqualTo(size);
        assertThat(large.resolve("a")).hasContent("twice\n");
        assertThat(Files.isSameFile(large.resolve("a"), large.resolve("b"))).isTrue();
        assertThat(Files.readSymbolicLink(large.resolve("link"))).hasToString("a");
    }

    @Test
    void dpkgReadsAFileOfMoreThanEightGibibytes() throws IOException {
        long size = 8 * GIB + 100_001;
        PackageSpec withGhost = spec(sparse(dir.resolve("big"), size));
        PackageSpec spec = Samples.of(
                "large",
                "1",
                withGhost.entries().stream()
                        .filter(entry -> !(entry instanceof PackageEntry.Ghost))
                        .toList());
        Path deb = new DebWriter(FAST).writeInto(spec, dir);

        // dpkg's own reader of tar goes over the content that it is told to leave out.
        Path root = Files.createDirectories(dir.resolve("root/var/lib/dpkg/updates"))
                .resolve("../../../..");
        Files.createDirectories(root.resolve("var/lib/dpkg/info"));
        Files.createFile(root.resolve("var/lib/dpkg/status"));
        Tools.must(
                "dpkg",
                "--root=" + root,
                "--force-not-root",
                "--log=/dev/null",
                "--path-exclude=/opt/large/big",
                "--unpack",
                deb.toString());
        assertThat(root.resolve("opt/large/small")).hasContent("small\n");
        assertThat(root.resolve("opt/large/big")).doesNotExist();
        assertThat(new DebReader(LIMITS).entries(deb)).contains(big(size));
    }

    private static StoredEntry big(long size) {
        return new StoredEntry(Samples.path("/opt/large/big"), StoredEntry.Type.FILE, 0644, size, "");
    }

    private static void assertExtracted(Path root, long size) throws IOException {
        assertThat(Files.size(root.resolve("opt/large/big"))).isEqualTo(size);
        assertThat(root.resolve("opt/large/small")).hasContent("small\n");
        assertThat(root.resolve("opt/large/link")).hasContent("small\n");
    }

    /** 64 MB: a quarter of what is promised. */
    @Test
    void twoGigabytesArePackedInALittleHeap() throws IOException {
        Path tree = Files.createDirectory(dir.resolve("tree"));
        for (int i = 0; i < 2000; i++) {
            sparse(tree.resolve("file" + i), 1 << 20);
        }
        sparse(tree.resolve("big"), 100 << 20);
        for (String format : new String[] {"deb", "rpm"}) {
            Path made = PackTree.in(List.of("-Xmx64m"), format, Compression.DEFAULT, tree, dir.resolve("out"));
            assertThat(made).isRegularFile();
        }
    }
}
