package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {
    @TempDir
    Path home;

    @Test
    void everyBuiltInProfileCanBeRead() {
        Profiles profiles = Profiles.builtIn();

        assertThat(profiles.names()).contains("quick");
        for (String arch : List.of("x86_64", "arm64")) {
            assertThat(profiles.names()).allSatisfy(name -> {
                Profile profile = profiles.get(name, arch);
                assertThat(profile.summary()).isNotBlank();
                assertThat(profile.fragments()).isNotEmpty().allSatisfy(fragment -> assertThat(fragment.wishes())
                        .isNotEmpty());
            });
        }
    }

    @Test
    void everyBuiltInFragmentBeginsWithItsPurpose() throws IOException {
        try (var files = Files.list(Path.of("fragments"))) {
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(Files.readString(file))
                    .as("house rule: a fragment says first what it is for")
                    .startsWith("# Purpose: "));
        }
    }

    @Test
    void namesTheKnownProfilesWhenOneIsUnknown() {
        assertThatThrownBy(() -> Profiles.builtIn().get("quik", "x86_64"))
                .isInstanceOf(UnknownProfileException.class)
                .hasMessageStartingWith("unknown profile 'quik'; did you mean 'quick'? the profiles are ")
                .hasMessageContaining("quick");
        assertThatThrownBy(() -> Profiles.builtIn().get("fedora-rawhide", "x86_64"))
                .isInstanceOf(UnknownProfileException.class)
                .hasMessageStartingWith("unknown profile 'fedora-rawhide'; the profiles are ");
    }

    @Test
    void aUsersDirectoryIsLaidOverTheBuiltIn() throws IOException {
        profile("mine", "name: mine\nsummary: My own.\nbase: defconfig\nfragments: [core, extra, virtio]\n");
        fragment("extra", "CONFIG_BTRFS_FS=m\n");
        fragment("virtio", "CONFIG_VIRTIO_PCI=y\n");

        Profiles profiles = Profiles.with(home);
        Profile mine = profiles.get("mine", "x86_64");

        assertThat(profiles.names()).contains("mine", "quick");
        assertThat(mine.base()).isEqualTo(Base.DEFCONFIG);
        assertThat(mine.fragments())
                .extracting(Fragment::name)
                .containsExactly("core", "core.x86_64", "extra", "virtio");
        assertThat(mine.fragments().get(2).wishes()).containsExactly(new Wish("BTRFS_FS", "m", "extra", 1));
        assertThat(mine.fragments().get(3).wishes()).hasSize(1);
    }

    @Test
    void aFragmentHasFilesForAllArchitecturesAndForOne() throws IOException {
        profile("mine", "name: mine\nsummary: My own.\nbase: allnoconfig\nfragments: [board]\n");
        fragment("board.arm64", "CONFIG_SERIAL_AMBA_PL011=y\n");
        Profiles profiles = Profiles.with(home);

        assertThat(profiles.get("mine", "arm64").fragments())
                .containsExactly(Fragment.parse("board.arm64", "CONFIG_SERIAL_AMBA_PL011=y\n"));
        assertThat(profiles.get("quick", "arm64").fragments())
                .extracting(Fragment::name)
                .contains("xen-dom0", "xen-dom0.arm64", "hardware.arm64")
                .noneMatch(name -> name.endsWith(".x86_64"));
        assertThatThrownBy(() -> profiles.get("mine", "x86_64"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("mine.yaml: fragment 'board' has nothing for x86_64; give it a file board.x86_64.config");
    }

    @Test
    void refusesADirectoryThatIsNone() {
        assertThatThrownBy(() -> Profiles.with(home.resolve("nowhere")))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("nowhere is no directory; give one with profiles/*.yaml and fragments/*.config");
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithAProfile() throws IOException {
        assertBad("# nothing\n", "bad.yaml: holds no profile; the keys are name, summary, base, fragments");
        assertBad("- core\n", "bad.yaml: holds no profile; the keys are name, summary, base, fragments");
        assertBad(
                "name: bad\nsummary: x\nbase: allnoconfig\nfragment: [core]\n",
                "bad.yaml:4: unknown key 'fragment'; the keys are name, summary, base, fragments");
        assertBad(
                "name: bad\nsummary: x\nbase: allyes\nfragments: [core]\n",
                "bad.yaml:3: unknown base 'allyes'; the bases are allnoconfig, defconfig");
        assertBad("name: bad\nbase: allnoconfig\nfragments: [core]\n", "bad.yaml: the key 'summary' is missing");
        assertBad(
                "name: good\nsummary: x\nbase: allnoconfig\nfragments: [core]\n",
                "bad.yaml: its name is 'good'; it must be that of the file, 'bad'");
        assertBad(
                "name: bad\nsummary: x\nbase: allnoconfig\nfragments: [xen-gest]\n",
                "bad.yaml: unknown fragment 'xen-gest'; did you mean 'xen-guest'? the fragments are core, debug-info, "
                        + "filesystems, hardware, virtio, xen-dom0, xen-guest");
        assertBad("name: bad\n\tsummary: x\n", "bad.yaml:2: cannot be read as YAML: ");
        assertBad(
                "name: bad\nsummary: x\nbase: allnoconfig\nfragments: core\n",
                "bad.yaml:4: the value of 'fragments' must be a list of names");
        assertBad("name: [bad]\n", "bad.yaml:1: the value of 'name' must be a text");
    }

    @Test
    void namesTheBrokenFragmentOfAProfile() throws IOException {
        profile("mine", "name: mine\nsummary: x\nbase: allnoconfig\nfragments: [extra]\n");
        fragment("extra", "# Purpose: x\nBTRFS=m\n");

        assertThatThrownBy(() -> Profiles.with(home).get("mine", "x86_64"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("extra.config:2: cannot read 'BTRFS=m'");
    }

    private void assertBad(String text, String message) throws IOException {
        profile("bad", text);
        assertThatThrownBy(() -> Profiles.with(home).get("bad", "x86_64"))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).startsWith(message).doesNotContain("\n"));
    }

    private void profile(String name, String text) throws IOException {
        Files.createDirectories(home.resolve("profiles"));
        Files.writeString(home.resolve("profiles").resolve(name + ".yaml"), text);
    }

    private void fragment(String name, String text) throws IOException {
        Files.createDirectories(home.resolve("fragments"));
        Files.writeString(home.resolve("fragments").resolve(name + ".config"), text);
    }
}
