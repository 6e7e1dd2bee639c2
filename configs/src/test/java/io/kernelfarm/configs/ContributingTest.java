package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what "Add a fragment" in CONTRIBUTING.md tells a newcomer to do, with the files as they are printed there. */
class ContributingTest {
    private static final Pattern BLOCK = Pattern.compile("^```\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    Path folder;

    private String firstTry;
    private String profile;
    private String complaint;
    private String mended;

    @BeforeEach
    void readPage() throws IOException {
        String page = Files.readString(Path.of("../CONTRIBUTING.md"));
        String walkthrough = page.substring(page.indexOf("## Add a fragment"), page.indexOf("## Add a check"));
        List<String> blocks = BLOCK.matcher(walkthrough)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(4);
        firstTry = blocks.get(0);
        profile = blocks.get(1);
        complaint = blocks.get(2).strip();
        mended = blocks.get(3);
    }

    @Test
    void itsFilesCanBeRead() throws IOException {
        for (String fragment : List.of(firstTry, mended)) {
            assertThat(fragment).startsWith("# Purpose: ");
            Profile read = profileWith(fragment);
            assertThat(read.name()).isEqualTo("nfs");
            assertThat(read.fragments()).last().satisfies(last -> assertThat(last.wishes())
                    .extracting(Wish::option)
                    .contains("NFS_FS", "NFS_V4"));
        }
    }

    @Test
    @Tag("real")
    void itsFirstTryIsAnsweredAsPrintedAndTheMendedOneIsGranted() throws Exception {
        KernelTree tree = new KernelTree(DebianSource.get(), folder.resolve("objects"), "x86_64");

        assertThat(ConfigResolver.resolve(profileWith(firstTry), tree).dropped())
                .extracting(DroppedOption::sentence)
                .contains(complaint);

        ResolvedConfig resolved = ConfigResolver.resolve(profileWith(mended), tree);
        assertThat(resolved.dropped()).isEmpty();
        assertThat(resolved.config().value("NFS_FS")).isEqualTo("m");
        assertThat(XenGate.check(resolved.config(), "x86_64")).isEmpty();
    }

    private Profile profileWith(String fragment) throws IOException {
        Path fragments = Files.createDirectories(folder.resolve("mine/fragments"));
        Path profiles = Files.createDirectories(folder.resolve("mine/profiles"));
        Files.writeString(fragments.resolve("nfs.config"), fragment);
        Files.writeString(profiles.resolve("nfs.yaml"), profile);
        return Profiles.with(folder.resolve("mine")).get("nfs", "x86_64");
    }
}
