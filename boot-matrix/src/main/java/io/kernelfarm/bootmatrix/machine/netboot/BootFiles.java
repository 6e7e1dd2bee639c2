package io.kernelfarm.bootmatrix.machine.netboot;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that iPXE fetches, in a folder: its script {@code boot.ipxe} (https://ipxe.org/scripting) and beside it
 * {@code vmlinuz}, {@code initrd.gz} and, for Xen, {@code xen}, which iPXE loads by the Multiboot specification. A machine
 * that boots from the network has no disks of the farm: they go as files at the end of the initramfs.
 */
final class BootFiles {

    static final String SCRIPT = "boot.ipxe";
    private static final String KERNEL = "vmlinuz";
    private static final String INITRD = "initrd.gz";
    private static final String HYPERVISOR = "xen";
    private static final List<String> ALL = List.of(SCRIPT, KERNEL, INITRD, HYPERVISOR);

    private BootFiles() {}

    /** Writes the files of {@code media} into {@code folder}: the script last, for whoever finds that finds the others. */
    static void write(Path folder, BootMedia media) throws IOException {
        String script = script(media);
        Files.createDirectories(folder);
        remove(folder);
        Files.copy(media.kernel(), folder.resolve(KERNEL));
        List<Path> disks = media.disks().stream().map(BootMedia.Disk::image).toList();
        Initramfs.writeWithDisks(folder.resolve(INITRD), media.initrd(), disks);
        if (media.hypervisor().isPresent()) {
            Files.copy(media.hypervisor().get().image(), folder.resolve(HYPERVISOR));
        }
        Path temporary = folder.resolve("." + SCRIPT);
        Files.writeString(temporary, script, StandardCharsets.US_ASCII);
        Files.move(temporary, folder.resolve(SCRIPT));
    }

    static void remove(Path folder) throws IOException {
        for (String name : ALL) {
            Files.deleteIfExists(folder.resolve(name));
        }
    }

    /** The script that boots {@code media}. */
    static String script(BootMedia media) throws IOException {
        List<String> lines = new ArrayList<>(List.of("#!ipxe"));
        String kernel = KERNEL + " " + words(media.cmdline());
        if (media.hypervisor().isPresent()) {
            lines.add("kernel " + HYPERVISOR + " "
                    + words(media.hypervisor().get().cmdline()));
            lines.add("module " + kernel);
            lines.add("module " + INITRD);
        } else {
            lines.add("kernel " + kernel);
            lines.add("initrd " + INITRD);
        }
        lines.add("boot");
        return String.join("\n", lines) + "\n";
    }

    /** iPXE takes away a backslash and leaves what it protects; only its variables cannot be protected. */
    private static String words(String cmdline) throws IOException {
        if (cmdline.contains("${")) {
            throw new IOException("iPXE would replace the '${' of the command line '" + cmdline + "'; leave it out");
        }
        return cmdline.replaceAll("([\\\\'\"#&|;])", "\\\\$1");
    }

    /** Removes {@code folder} with what is in it; what is left in a temporary folder harms nobody. */
    static void discard(Path folder) {
        try {
            FileTrees.delete(folder);
        } catch (IOException e) {
            // As said.
        }
    }
}
