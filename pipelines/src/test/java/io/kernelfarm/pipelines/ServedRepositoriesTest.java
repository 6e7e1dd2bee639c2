package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.artifacts.BaseSystem;
import io.kernelfarm.artifacts.Tools;
import io.kernelfarm.artifacts.apt.AptClient;
import io.kernelfarm.artifacts.dnf.DnfClient;
import io.kernelfarm.pipelines.serve.FileServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** apt and dnf judge what {@code farm serve} serves, over HTTP, with nothing but the file that people are told to copy. */
class ServedRepositoriesTest {

    private static final String RELEASE = "6.1.192-farm1";
    private static final String IMAGE = "linux-image-" + RELEASE;

    @TempDir
    private Path folder;

    private FarmRun.Places places;
    private FileServer server;
    private int runs;

    @BeforeEach
    void serve() throws IOException {
        places = SampleRun.places(folder);
        server = FileServer.start(places.out(), "127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A run of its own, published with the programs that scripts of packages call. */
    private RunLayout publish(String release, String revision) throws IOException {
        runs++;
        RunLayout run = SampleRun.built(
                places,
                "20260102T03040" + runs + "Z-abcdef",
                release,
                revision,
                runs,
                "repository: {url: '" + server.url() + "'}\n");
        FarmRun.pack(run, places, event -> {});
        Path empty = folder.resolve("empty");
        Files.write(empty, new byte[0]);
        BaseSystem.deb(run.packages(), empty);
        BaseSystem.rpm(run.packages(), empty);
        FarmRun.publish(run, places, event -> {});
        return run;
    }

    private Path fetched(String name) {
        Path file = folder.resolve(name);
        Curl.get(server.url() + "/" + name, "--fail", "--output", file.toString());
        return file;
    }

    private AptClient apt(String name) throws IOException {
        return new AptClient(folder.resolve(name), fetched("kernel-farm-testing.sources"));
    }

    private DnfClient dnf(String name) throws IOException {
        return new DnfClient(folder.resolve(name), fetched("kernel-farm-testing.repo"));
    }

    @Test
    void aptInstallsUpgradesAndRemovesOverHttp() throws IOException {
        RunLayout first = publish(RELEASE, "1");
        AptClient apt = apt("apt");
        assertThat(apt.must("update")).contains(server.url() + "/apt testing InRelease");
        apt.must("install", IMAGE);
        Path image = apt.root().resolve("boot/vmlinuz-" + RELEASE);
        assertThat(image).hasSameBinaryContentAs(first.build().image());
        assertThat(verify(apt)).isEmpty();

        RunLayout second = publish(RELEASE, "2");
        apt.must("update");
        apt.must("upgrade");
        assertThat(image).hasSameBinaryContentAs(second.build().image());
        assertThat(verify(apt)).isEmpty();

        apt.must("purge", IMAGE);
        assertThat(image).doesNotExist();
        assertThat(apt.root().resolve("lib/modules/" + RELEASE)).doesNotExist();
    }

    private static String verify(AptClient apt) {
        return Tools.must("dpkg", "--root=" + apt.root(), "--verify");
    }

    @Test
    void dnfInstallsUpgradesAndRemovesOverHttpWithBothKindsOfSignaturesChecked() throws IOException {
        RunLayout first = publish(RELEASE, "1");
        DnfClient dnf = dnf("dnf");
        assertThat(folder.resolve("kernel-farm-testing.repo"))
                .content()
                .contains("gpgcheck=1\n", "repo_gpgcheck=1\n", server.url() + "/");
        dnf.must("install", "kernel-core");
        assertThat(dnf.root().resolve("boot/vmlinuz-" + RELEASE))
                .hasSameBinaryContentAs(first.build().image());
        String root = "--root=" + dnf.root();
        Tools.must("rpm", root, "--verify", "kernel-core");
        for (Publication.Item item : Publication.read(first).packages()) {
            if (!item.isDeb()) {
                assertThat(Tools.must(
                                "rpm",
                                root,
                                "--checksig",
                                places.out().root().resolve(item.path()).toString()))
                        .contains("digests signatures OK");
            }
        }

        RunLayout second = publish("6.1.193-farm1", "1");
        dnf.must("upgrade");
        assertThat(dnf.root().resolve("boot/vmlinuz-6.1.193-farm1"))
                .hasSameBinaryContentAs(second.build().image());
        assertThat(dnf.root().resolve("boot/vmlinuz-" + RELEASE)).exists();
        Tools.must("rpm", root, "--verify", "kernel-core");

        dnf.must("remove", "kernel-core");
        assertThat(dnf.root().resolve("lib/modules/" + RELEASE)).doesNotExist();
        assertThat(dnf.root().resolve("lib/modules/6.1.193-farm1")).doesNotExist();
    }

    @Test
    void aTamperedPackageIndexOrSignatureIsRefused() throws IOException {
        RunLayout run = publish(RELEASE, "1");
        AptClient apt = apt("apt");
        DnfClient dnf = dnf("dnf");
        apt.must("update");
        dnf.must("makecache");
        for (Publication.Item item : Publication.read(run).packages()) {
            flip(places.out().root().resolve(item.path()));
        }
        assertThat(apt.refused("install", IMAGE)).contains("Hash Sum mismatch");
        assertThat(dnf.refused("install", "kernel-core")).contains("checksum");
        assertThat(apt.root().resolve("boot")).doesNotExist();
        assertThat(dnf.root().resolve("boot")).doesNotExist();

        Path channel = places.out().aptRepository().resolve("dists/testing").toRealPath();
        flipAll(channel, "Packages");
        assertThat(apt("apt-index").refused("update")).contains("Hash Sum mismatch");
        Path release = channel.resolve("InRelease");
        Files.writeString(release, Files.readString(release).replace("testing", "Testing"));
        assertThat(apt("apt-signature").refused("update")).contains("BADSIG");

        Path state = places.out().dnfRepository().resolve("testing").toRealPath();
        flipAll(state, "-primary.xml");
        assertThat(dnf("dnf-index").refused("makecache")).contains("checksum");
        Files.writeString(state.resolve("repodata/repomd.xml"), "\n", StandardOpenOption.APPEND);
        assertThat(dnf("dnf-signature").refused("makecache")).containsIgnoringCase("signature");
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    /** Damages each file below {@code folder} whose name has {@code part} in it, and what lies under names of digests. */
    private static void flipAll(Path folder, String part) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.contains(part)) {
                    flip(file);
                }
            }
        }
    }
}
