package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the explainer reads out of Kconfig files. The resolved values are given, as the kernel's tool is not asked here. */
class DropReasonsTest {
    private static final String KCONFIG = """
            mainmenu "Tiny"

            source "arch/$(SRCARCH)/Kconfig"
            source "arch/$(UNKNOWN)/Kconfig"

            config EXPERT
            	bool "Expert"

            config CACHE
            	bool "Cache" if EXPERT
            	default y

            menu "File systems"
            	depends on BLOCK

            menuconfig MISC_FILESYSTEMS
            	bool "Miscellaneous file systems"
            	help
            	  config NOT_AN_OPTION
            	    bool "this is help text"

            	  if so, depends on nothing

            if MISC_FILESYSTEMS

            config SQUASHFS
            	tristate "Squashed" # a comment with "quotes
            	select ZLIB if BLOCK

            endif # MISC_FILESYSTEMS

            endmenu

            config BLOCK
            	bool "Block layer"

            config ZLIB
            	tristate

            config ZONE_DEVICE
            	bool "Device memory"
            	depends on MEMORY_HOTREMOVE
            	depends on \\
            		VMEMMAP || \\
            		SPARSE

            config MEMORY_HOTREMOVE
            	bool "Hot remove"
            	depends on MIGRATION

            config MIGRATION
            	bool "Page migration"

            config SPARSE
            	bool "Sparse"

            config VMEMMAP
            	bool "Virtual map"
            	depends on !FLAT

            config FLAT
            	def_bool y

            choice
            	prompt "Compression"

            config KERNEL_GZIP
            	bool "Gzip"

            config KERNEL_XZ
            	bool "XZ"

            endchoice

            config NR_CPUS
            	int "Processors"
            	range 2 64

            config PARTS
            	tristate "Parts"

            config WHOLE
            	bool "Whole"
            	depends on PARTS = y

            config DRIVER
            	tristate "Driver"
            	depends on PARTS
            """;

    @TempDir
    Path folder;

    private Kconfig kconfig;

    @BeforeEach
    void readTree() throws IOException {
        KernelTree tree = TinyTree.in(folder, KCONFIG);
        Path arch = Files.createDirectories(tree.source().resolve("arch/x86"));
        Files.writeString(arch.resolve("Kconfig"), "config X86_64\n\tdef_bool y\n");
        kconfig = Kconfig.read(tree);
    }

    @Test
    void readsTheOptionsAndNotTheHelpTexts() {
        assertThat(kconfig.names())
                .contains("X86_64", "SQUASHFS", "DRIVER", "KERNEL_XZ")
                .doesNotContain("NOT_AN_OPTION");
        assertThat(kconfig.option("SQUASHFS").orElseThrow().main().file()).isEqualTo("Kconfig");
        int line = kconfig.option("SQUASHFS").orElseThrow().main().line();
        assertThat(KCONFIG.lines().toList().get(line - 1)).isEqualTo("config SQUASHFS");
        assertThat(kconfig.option("X86_64").orElseThrow().main().file()).isEqualTo("arch/x86/Kconfig");
    }

    @Test
    void namesTheMenuThatHidesAnOption() {
        assertThat(why("SQUASHFS", "m", "CONFIG_BLOCK=y"))
                .isEqualTo("it depends on MISC_FILESYSTEMS, which is n; ask for CONFIG_MISC_FILESYSTEMS=y as well");
        assertThat(why("SQUASHFS", "m", ""))
                .isEqualTo("it depends on BLOCK, which is n, and on MISC_FILESYSTEMS, which is n");
    }

    @Test
    void followsTheChainToItsEnd() {
        assertThat(why("ZONE_DEVICE", "y", "CONFIG_SPARSE=y"))
                .isEqualTo("it depends on MEMORY_HOTREMOVE, which is n; MEMORY_HOTREMOVE in turn depends on MIGRATION, "
                        + "which is n; ask for CONFIG_MIGRATION=y as well");
    }

    @Test
    void namesAllAlternativesAndWhatMustBeOff() {
        assertThat(why("ZONE_DEVICE", "y", "CONFIG_MEMORY_HOTREMOVE=y\nCONFIG_MIGRATION=y"))
                .isEqualTo("it depends on (VMEMMAP || SPARSE), where VMEMMAP is n, SPARSE is n");
        assertThat(why("VMEMMAP", "y", "CONFIG_FLAT=y")).isEqualTo("it depends on (!FLAT), where FLAT is y");
    }

    @Test
    void saysWhoAskedForTheDependencyToBeOff() {
        assertThat(why(
                        new Wish("MEMORY_HOTREMOVE", "y", "memory", 4),
                        "",
                        Map.of(
                                "MIGRATION",
                                new OptionOrigin("MIGRATION", "n", List.of(new Wish("MIGRATION", "n", "spec", 0))))))
                .isEqualTo("it depends on MIGRATION, which is n, as the spec asks");
    }

    @Test
    void aModuleIsLessThanBuiltIn() {
        assertThat(why("DRIVER", "y", "CONFIG_PARTS=m\nCONFIG_DRIVER=m"))
                .isEqualTo("it depends on PARTS, which is m; ask for CONFIG_PARTS=y as well");
        assertThat(why("WHOLE", "y", "CONFIG_PARTS=m")).isEqualTo("it depends on (PARTS = y), where PARTS is m");
    }

    @Test
    void tellsAnUnknownOptionApart() {
        assertThat(why("SQASHFS", "m", "")).isEqualTo("no such option in Linux 6.1 for x86_64; did you mean SQUASHFS?");
        assertThat(why("BCACHEFS_FS", "m", "")).isEqualTo("no such option in Linux 6.1 for x86_64");
    }

    @Test
    void knowsWhatCannotBeChosen() {
        assertThat(why("ZLIB", "m", "")).isEqualTo("it has no prompt: it is only on when selected by SQUASHFS");
        assertThat(why("ZLIB", "n", "CONFIG_BLOCK=y\nCONFIG_SQUASHFS=m\nCONFIG_ZLIB=m"))
                .isEqualTo("it is selected by SQUASHFS");
        assertThat(why("X86_64", "n", "CONFIG_X86_64=y"))
                .isEqualTo("it has no prompt: its default turns it on whatever is asked for");
        assertThat(why("CACHE", "n", "CONFIG_CACHE=y"))
                .isEqualTo("it is on by default and cannot be turned off, because it is only offered with EXPERT, "
                        + "which is n; ask for CONFIG_EXPERT=y as well");
    }

    @Test
    void knowsThatAChoiceHasOneWinner() {
        assertThat(why("KERNEL_XZ", "y", "CONFIG_KERNEL_GZIP=y"))
                .isEqualTo("only one member of the choice \"Compression\" can be y, and that is KERNEL_GZIP");
        assertThat(why("KERNEL_GZIP", "n", "CONFIG_KERNEL_GZIP=y"))
                .isEqualTo("one member of the choice \"Compression\" must be y, and no other was asked for");
    }

    @Test
    void knowsTypes() {
        assertThat(why("MIGRATION", "m", "")).isEqualTo("it is a bool, so it can be y or n and not m");
        assertThat(why("NR_CPUS", "y", "CONFIG_NR_CPUS=2")).isEqualTo("its type is int");
        assertThat(why("PARTS", "3", "")).isEqualTo("its type is tristate");
        assertThat(why("NR_CPUS", "1000", "CONFIG_NR_CPUS=2"))
                .isEqualTo("its dependencies hold; the value does not suit its type or range");
    }

    private String why(String option, String wanted, String config) {
        return why(new Wish(option, wanted, "t", 1), config, Map.of());
    }

    private String why(Wish wish, String config, Map<String, OptionOrigin> origins) {
        return new DropReasons(kconfig, DotConfig.parse(config), origins).why(wish);
    }
}
