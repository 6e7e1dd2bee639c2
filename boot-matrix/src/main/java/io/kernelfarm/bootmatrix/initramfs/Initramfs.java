package io.kernelfarm.bootmatrix.initramfs;

import io.kernelfarm.bootmatrix.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * Writes the initramfs that every cell boots: busybox, the farm's scripts and those of the kernel's own modules that lead
 * to its disks and to Xen. The format is the kernel's (Documentation/driver-api/early-userspace/buffer-format.rst): a
 * gzipped cpio archive in the newc form.
 */
public final class Initramfs {

    /** What the first process does: see the scripts of the same names in the resources. */
    public enum Role {
        /** Proves the mode and ends. */
        PROVE("prove"),
        /** Proves the mode, then becomes a Xen host. */
        DOM0("dom0");

        private final String word;

        Role(String word) {
            this.word = word;
        }
    }

    /** The way to the disks, in each mode. */
    private static final List<String> PROVE_MODULES =
            List.of("virtio_pci", "virtio_blk", "ata_piix", "ahci", "sd_mod", "xen-blkfront", "xenfs");

    private static final List<String> DOM0_MODULES = List.of(
            "virtio_pci",
            "virtio_blk",
            "virtio_rng",
            // ext4 asks for this one by what it does, not by its name: depmod's list does not have it.
            "crc32c_generic",
            "ext4",
            "xenfs",
            "xen-evtchn",
            "xen-gntdev",
            "xen-gntalloc",
            "xen-privcmd",
            "xen-blkback",
            "xen-netback");

    /** The way to disks that are files. */
    private static final List<String> LOOP_MODULES = List.of("loop");

    private static final List<String> SCRIPTS = List.of("proof.sh", "prove.sh", "dom0.sh", "host.sh", "disks.sh");
    private static final int EXECUTABLE = CpioConstants.C_ISREG | 0755;
    private static final int PLAIN = CpioConstants.C_ISREG | 0644;
    private static final int FOLDER = CpioConstants.C_ISDIR | 0755;

    private final CpioArchiveOutputStream archive;
    private final Set<String> folders = new TreeSet<>();
    private long inode;

    private Initramfs(CpioArchiveOutputStream archive) {
        this.archive = archive;
    }

    /**
     * Writes the initramfs of {@code kernel} for {@code role} to {@code target}.
     *
     * @param busybox a statically linked busybox
     */
    public static void write(Path target, Kernel kernel, Role role, Path busybox) throws IOException {
        KernelModules modules = KernelModules.of(kernel.root(), kernel.id().release());
        try (OutputStream file = Files.newOutputStream(target);
                OutputStream gzip = new GZIPOutputStream(file, 65536);
                CpioArchiveOutputStream archive = new CpioArchiveOutputStream(gzip)) {
            Initramfs initramfs = new Initramfs(archive);
            for (String folder : List.of("bin", "dev", "farm", "proc", "root", "sys", "tmp")) {
                initramfs.folder(folder);
            }
            initramfs.put("bin/busybox", EXECUTABLE, Files.readAllBytes(busybox));
            initramfs.put("init", EXECUTABLE, resource("init"));
            for (String script : SCRIPTS) {
                initramfs.put("farm/" + script, PLAIN, resource(script));
            }
            initramfs.modules(role.word, modules, role == Role.DOM0 ? DOM0_MODULES : PROVE_MODULES);
            initramfs.modules("disks", modules, LOOP_MODULES);
        }
    }

    /**
     * Writes {@code initramfs} with a second archive behind it, which the kernel unpacks as well: {@code disks} as the files
     * {@code /disks/a}, {@code /disks/b} and so on, for machines that have no disks of the farm.
     */
    public static void writeWithDisks(Path target, Path initramfs, List<Path> disks) throws IOException {
        try (OutputStream file = Files.newOutputStream(target)) {
            Files.copy(initramfs, file);
            if (disks.isEmpty()) {
                return;
            }
            try (OutputStream gzip = new FastGzip(file);
                    CpioArchiveOutputStream archive = new CpioArchiveOutputStream(gzip)) {
                Initramfs second = new Initramfs(archive);
                second.folder("disks");
                for (int i = 0; i < disks.size(); i++) {
                    second.put("disks/" + (char) ('a' + i), PLAIN, disks.get(i));
                }
            }
        }
    }

    /** Disks are large and mostly holes: the quickest packing is nearly as good as the best. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 65536);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** Puts what {@code names} need, and a list of it, in the order in which it has to be loaded. */
    private void modules(String list, KernelModules modules, List<String> names) throws IOException {
        StringBuilder order = new StringBuilder();
        for (String module : modules.loadOrder(names)) {
            String path = "lib/modules/" + module;
            order.append('/').append(path).append('\n');
            folders(path);
            put(path, PLAIN, Files.readAllBytes(modules.file(module)));
        }
        put("farm/modules." + list, PLAIN, order.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void folders(String path) throws IOException {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            folder(path.substring(0, slash));
        }
    }

    private void folder(String path) throws IOException {
        if (folders.add(path)) {
            put(path, FOLDER, new byte[0]);
        }
    }

    private void put(String path, int mode, byte[] content) throws IOException {
        archive.putArchiveEntry(entry(path, mode, content.length));
        archive.write(content);
        archive.closeArchiveEntry();
    }

    private void put(String path, int mode, Path content) throws IOException {
        archive.putArchiveEntry(entry(path, mode, Files.size(content)));
        Files.copy(content, archive);
        archive.closeArchiveEntry();
    }

    private CpioArchiveEntry entry(String path, int mode, long size) {
        CpioArchiveEntry entry = new CpioArchiveEntry(path, size);
        entry.setMode(mode);
        entry.setInode(++inode);
        entry.setNumberOfLinks(1);
        return entry;
    }
}
