package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.pipelines.source.DebianSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecReaderTest {

    private static final String GOOD = "source: {debian: linux-source-6.1}\nprofile: quick\n";

    @TempDir
    private Path folder;

    @Test
    void readsTheProjectsOwnSpec() {
        Spec spec = SpecReader.read(Project.file("kernel.yaml"));

        assertThat(spec.source()).isEqualTo(new DebianSource("linux-source-6.1", null, null));
        assertThat(spec.localversion()).isEqualTo("-farm1");
        assertThat(spec.profile()).isEqualTo("quick");
        assertThat(spec.options()).isEmpty();
        assertThat(spec.boot().modes())
                .containsExactly(Mode.METAL, Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM);
        assertThat(spec.boot().hypervisor()).isEqualTo("xen-4.17");
        assertThat(spec.channel()).isEqualTo("testing");
    }

    @Test
    void whatTheProjectsSpecSaysIsAlsoTheDefault() throws IOException {
        assertThat(read(GOOD)).isEqualTo(SpecReader.read(Project.file("kernel.yaml")));
    }

    @Test
    void readsOptionsAsTheyAreWritten() throws IOException {
        Spec spec = read(GOOD + "options: {XEN_PVHVM_GUEST: n, LOG_BUF_SHIFT: 17, CMDLINE: '\"quiet\"', EXT4_FS: y}\n");

        assertThat(spec.options())
                .containsEntry("XEN_PVHVM_GUEST", "n")
                .containsEntry("LOG_BUF_SHIFT", "17")
                .containsEntry("CMDLINE", "\"quiet\"")
                .containsEntry("EXT4_FS", "y");
    }

    @Test
    void readsCompressionAndLevel() throws IOException {
        assertThat(read(GOOD + "packages: {compression: xz, level: 1}\n")
                        .packages()
                        .settings())
                .isEqualTo(new Compression(Compression.Algorithm.XZ, 1));
    }

    @Test
    void readsWhoAnswersForThePackagesAndWhichPackagingTheyAre() throws IOException {
        Spec.Packages given = read(GOOD
                        + "packages: {maintainer: Ada Lovelace <ada@example.org>, revision: 2~deb12u1}\n")
                .packages();
        assertThat(given.maintainer()).isEqualTo("Ada Lovelace <ada@example.org>");
        assertThat(given.revision()).isEqualTo("2~deb12u1");
        assertThat(read(GOOD).packages().maintainer()).isEqualTo("Kernel Farm <kernel-farm@kernel-farm.invalid>");
        assertThat(read(GOOD).packages().revision()).isNull();
    }

    @Test
    void readsEveryKindOfSourceAndItsRecordHasNothingSecret() throws IOException {
        List<String> sources = List.of(
                "{debian: linux-source-6.12, suite: trixie, patches: patches}",
                "{tarball: 'https://ada:s3cret@example.org/linux-6.1.tar.xz?t=s3cret', sha256: " + "AB".repeat(32)
                        + "}",
                "{tarball: ../linux-6.1.tar.xz, sha256: " + "ab".repeat(32) + ", patches: [a.patch, b.patch]}",
                "{git: 'https://s3cret@example.org/linux.git', commit: v6.1}",
                "{git: ../linux, commit: 1234567890123456789012345678901234567890}");
        for (String source : sources) {
            Spec spec = read("source: " + source + "\nprofile: quick\n");
            String record = Json.text(spec);
            Spec again = Json.parse(record, Spec.class, file());

            assertThat(record).doesNotContain("s3cret", "ada", folder.toString());
            assertThat(Json.text(again)).isEqualTo(record);
            assertThat(again.source()).hasSameClassAs(spec.source());
            assertThat(spec).isEqualTo(read("source: " + source + "\nprofile: quick\n"));
        }
        assertThat(Json.text(read(GOOD).source())).isEqualToIgnoringWhitespace("{\"debian\": \"linux-source-6.1\"}");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        GOOD + "packages: {maintainer: ada}\n",
                        "'packages.maintainer' is 'ada', which is not a name and an address such as 'Ada Lovelace"
                                + " <ada@example.org>'"),
                Arguments.of(
                        GOOD + "packages: {revision: 1-1}\n",
                        "'packages.revision' is '1-1', which is not a digit and up to 39 of a-z A-Z 0-9 + . ~"),
                Arguments.of(
                        GOOD + "boot: {cmdline: 'init=\"/bin/sh\"'}\n",
                        "FILE:3: 'boot.cmdline' has a double quote or a character beyond ASCII, which boot loaders and xl do"
                                + " not carry"),
                Arguments.of("", "FILE is empty; a spec names at least a source and a profile"),
                Arguments.of("# nothing\n\n", "FILE is empty; a spec names at least a source and a profile"),
                Arguments.of(GOOD + "profil: quick\n", "FILE:3: unknown key 'profil'; did you mean 'profile'?"),
                Arguments.of(
                        GOOD + "colour: blue\n",
                        "FILE:3: unknown key 'colour'; known here are arch, boot, channel, compile, keep, localversion, options,"
                                + " packages, profile, promote, repository, source"),
                Arguments.of(GOOD + "boot:\n  machin: qemu\n", "FILE:4: unknown key 'machin'; did you mean 'machine'?"),
                Arguments.of(GOOD + "profile: debian\n", "FILE:3: key 'profile' is given twice"),
                Arguments.of(
                        "profile: quick\n", "'source' is missing; for example 'source: {debian: linux-source-6.1}'"),
                Arguments.of(
                        "source: {debian: linux-source-6.1}\n", "'profile' is missing; for example 'profile: quick'"),
                Arguments.of("source: linux\nprofile: quick\n", "FILE:1: 'source' must be a mapping (key: value)"),
                Arguments.of(
                        "source: {}\nprofile: quick\n",
                        "FILE:1: 'source' has none of debian, tarball and git; for example 'source: {debian: linux-source-6.1}'"),
                Arguments.of(
                        "source: {debian: linux-source-6.1, git: ../linux}\nprofile: quick\n",
                        "FILE:1: 'source' has debian and git; a kernel is made from one of them"),
                Arguments.of(
                        "source: {debian: linux-source-6.1, commit: v6.1}\nprofile: quick\n",
                        "FILE:1: 'source.commit' belongs to a source of 'source.git', not to one of 'debian'"),
                Arguments.of(
                        "source: {tarbal: x.tar}\nprofile: quick\n",
                        "FILE:1: unknown key 'tarbal'; did you mean 'tarball'?"),
                Arguments.of(
                        "source: {svn: x}\nprofile: quick\n",
                        "FILE:1: unknown key 'svn'; known here are commit, debian, git, patches, sha256, suite, tarball"),
                Arguments.of(
                        "source: {debian: linux-source-6.1, suite: 13}\nprofile: quick\n",
                        "FILE:1: 'source.suite' is '13', which is not the name of a Debian release such as trixie"),
                Arguments.of(
                        "source: {tarball: linux.tar}\nprofile: quick\n",
                        "FILE:1: 'source.sha256' is missing: the SHA-256 that the tarball has to have, as sha256sum prints it"),
                Arguments.of(
                        "source: {tarball: linux.tar, sha256: 12}\nprofile: quick\n",
                        "'source.sha256' is '12', which is not the 64 hexadecimal digits that sha256sum prints"),
                Arguments.of(
                        "source: {tarball: 'ftp://ada:s3cret@example.org/x', sha256: 12}\nprofile: quick\n",
                        "'source.tarball' is ftp://example.org/x, and what is fetched has a URL of "),
                Arguments.of(
                        "source: {tarball: 'https://ada:s3cret@/x?token=s3cret', sha256: 12}\nprofile: quick\n",
                        "'https:///x' is not a URL"),
                Arguments.of("source:\n  tarball: {a: b}\nprofile: quick\n", "FILE:2: 'source.tarball' must be a text"),
                Arguments.of(
                        "source: {git: ../linux}\nprofile: quick\n",
                        "FILE:1: 'source.commit' is missing: the full id of a commit, or the name of a tag or branch, such as v6.1"),
                Arguments.of(
                        "source: {git: ../linux, commit: --upload-pack=x}\nprofile: quick\n",
                        "'source.commit' is '--upload-pack=x', which is not the id of a commit or the name of a tag or branch"),
                Arguments.of(
                        "source: {git: 'ext::sh -c touch% /tmp/x', commit: v6.1}\nprofile: quick\n",
                        "'ext::sh -c touch% /tmp/x' is not a URL"),
                Arguments.of(
                        "source: {git: 'ssh://-oProxyCommand=x/y', commit: v6.1}\nprofile: quick\n",
                        "'ssh://-oProxyCommand=x/y' is not a URL"),
                Arguments.of(
                        "source: {git: 'file:///linux', commit: v6.1}\nprofile: quick\n",
                        "'file:///linux' is not a URL"),
                Arguments.of(
                        "source: {debian: linux-source-6.1, patches: []}\nprofile: quick\n",
                        "FILE:1: 'source.patches' names nothing; give it a folder with a file 'series', or a list of patches"),
                Arguments.of(
                        "source:\n  debian: linux-source-6.1\n  patches: {a: b}\nprofile: quick\n",
                        "FILE:3: 'source.patches' must be a text"),
                Arguments.of(
                        "source: {debian: ../evil}\nprofile: quick\n",
                        "FILE:1: source '../evil' is not a Debian kernel source package such as linux-source-6.1"),
                Arguments.of(
                        GOOD + "boot:\n  modes: [metal, pvm]\n",
                        "FILE:4: unknown mode 'pvm'; the modes are metal, dom0-pv, dom0-pvh, pv, pvh, hvm, pvhvm"),
                Arguments.of(GOOD + "boot:\n  modes: metal\n", "FILE:4: 'boot.modes' must be a list ([a, b])"),
                Arguments.of(GOOD + "boot:\n  modes: [pv, pv]\n", "'boot.modes' names a mode twice: pv, pv"),
                Arguments.of(
                        GOOD + "boot:\n  modes: []\n", "'boot.modes' is empty; leave it out to boot in every mode"),
                Arguments.of(
                        GOOD + "boot: {modes: [pv], matrix: all.yaml}\n",
                        "there is no matrix FOLDER/all.yaml; a file that a spec names is looked for from the spec's folder"),
                Arguments.of(
                        GOOD + "boot: {machine: Vax}\n", "machine 'Vax' is not a name of a-z 0-9 . - such as qemu"),
                Arguments.of(
                        GOOD + "boot: {hypervisor: kvm}\n",
                        "hypervisor 'kvm' is not Xen of one version, such as xen-4.17"),
                Arguments.of(
                        GOOD + "compile: {timeout: 0}\n", "'compile.timeout' is 0; a time-out is at least 1 second"),
                Arguments.of(
                        GOOD + "boot:\n  timeouts:\n    dom0: soon\n",
                        "FILE:5: 'boot.timeouts.dom0' must be a whole number"),
                Arguments.of(
                        GOOD + "boot:\n  timeouts:\n    dom0: 0\n",
                        "'boot.timeouts' has 0; a time-out is at least 1 second"),
                Arguments.of(GOOD + "options: y\n", "FILE:3: 'options' must be a mapping (key: value)"),
                Arguments.of(
                        GOOD + "options: {XEN: }\n", "option 'XEN' has no value; give it y, m, n, a number or a text"),
                Arguments.of(GOOD + "boot: 7\n", "FILE:3: 'boot' must be a mapping (key: value)"),
                Arguments.of("- a list\n", "FILE:1: the spec must be a mapping (key: value)"),
                Arguments.of(GOOD + "channel: [a, b]\n", "FILE:3: 'channel' must be a text"),
                Arguments.of(
                        GOOD + "localversion: _Farm\n",
                        "localversion '_Farm' is not a hyphen and up to 40 of a-z 0-9 . + - (it becomes part of package"
                                + " names)"),
                Arguments.of(
                        GOOD + "packages: {compression: brotli}\n",
                        "unknown compression 'brotli'; there are gzip, xz, zstd"),
                Arguments.of(GOOD + "packages: {level: 99}\n", "zstd has no level 99; it goes from 1 to 19"),
                Arguments.of(
                        GOOD + "promote: Stable\n",
                        "channel 'Stable' is not a name of a-z 0-9 - that starts with a letter"),
                Arguments.of(
                        GOOD + "promote: testing\n", "'promote' is 'testing', the channel that every build goes to"),
                Arguments.of(GOOD + "keep: {testing: 0}\n", "'keep.testing' is 0; a channel keeps at least 1 release"),
                Arguments.of(GOOD + "keep: {testing: all}\n", "FILE:3: 'keep.testing' must be a whole number"),
                Arguments.of(
                        GOOD + "repository: {url: ftp://x}\n",
                        "'repository.url' is 'ftp://x', which is not a URL such as https://kernels.example.org/farm"),
                Arguments.of(
                        GOOD + "repository: {url: 'http://x/ evil'}\n", "'repository.url' is 'http://x/ evil', which"),
                Arguments.of("source: 'open\nprofile: quick\n", "not YAML: "));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void answersEachFaultWithOneSentence(String text, String sentence) throws IOException {
        FarmException refused = catchThrowableOfType(FarmException.class, () -> read(text));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        String expected = sentence.replace("FILE", file().toString()).replace("FOLDER", folder.toString());
        assertThat(refused.getMessage()).contains(expected).doesNotContain("\n");
        assertThat(refused.getMessage()).startsWith(expected.startsWith("there is no") ? expected : file().toString());
    }

    @Test
    void saysThatThereIsNoSpec() {
        FarmException refused = catchThrowableOfType(FarmException.class, () -> SpecReader.read(file()));

        assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(refused)
                .hasMessage("there is no spec " + file() + "; go to the folder that holds it, or name one with --spec");
    }

    @Test
    void saysThatAFolderIsNoSpec() throws IOException {
        Files.createDirectory(file());

        assertThat(catchThrowableOfType(FarmException.class, () -> SpecReader.read(file())))
                .hasMessageStartingWith("cannot read the spec " + file());
    }

    @Test
    void saysThatBytesAreNoText() throws IOException {
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThat(catchThrowableOfType(FarmException.class, () -> SpecReader.read(file())))
                .hasMessage(file() + " is not a text in UTF-8");
    }

    @Test
    void unknownProfilesAndMalformedOptionsAreFoundBeforeAnythingIsWritten() throws IOException {
        for (String text :
                List.of("source: {debian: linux-source-6.1}\nprofile: quik\n", GOOD + "options: {XEN: perhaps}\n")) {
            FarmRun.Places places = new FarmRun.Places(
                    new OutLayout(folder.resolve("out")),
                    new CacheLayout(folder.resolve("cache")),
                    TestKeyFile.place());

            FarmException refused =
                    catchThrowableOfType(FarmException.class, () -> FarmRun.execute(read(text), places, event -> {}));

            assertThat(refused.blame()).isEqualTo(FarmException.Blame.USAGE);
            assertThat(refused.getMessage()).containsAnyOf("unknown profile 'quik'", "CONFIG_XEN cannot be 'perhaps'");
            assertThat(folder.resolve("out")).doesNotExist();
            assertThat(folder.resolve("cache")).doesNotExist();
        }
    }

    private Path file() {
        return folder.resolve("kernel.yaml");
    }

    private Spec read(String text) throws IOException {
        Files.writeString(file(), text);
        return SpecReader.read(file());
    }
}
