package io.kernelfarm.bootmatrix.initramfs;

import io.kernelfarm.bootmatrix.Kernel;
import io.kernelfarm.bootmatrix.checks.Check;
import io.kernelfarm.bootmatrix.checks.Checks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final List<String> PROVE_MODULES = List.of(
            "virtio_pci", "virtio_blk", "ata_piix", "ahci", "sd_mod", "xen-blkfront", "xenfs", "xen-netfront", "e1000");

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
            "xen-netback",
            "tun");

    /** The way to disks that are files. */
    private static final List<String> LOOP_MODULES = List.of("loop");

    private static final List<String> SCRIPTS = List.of(
            "words.sh",
            "proof.sh",
            "asking.sh",
            "prove.sh",
            "log.sh",
            "finish.sh",
            "dom0.sh",
            "host.sh",
            "toolstack.sh",
            "disks.sh",
            "scripts/farm-vif",
            "scripts/farm-tap");
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
            for (String folder : List.of(
                    "bin",
                    "dev",
                    "farm",
                    "farm/checks",
                    "farm/host",
                    "farm/scripts",
                    "proc",
                    "root",
                    "sbin",
                    "sys",
                    "tmp")) {
                initramfs.folder(folder);
            }
            initramfs.put("bin/busybox", EXECUTABLE, Files.readAllBytes(busybox));
            initramfs.put("init", EXECUTABLE, resource("init"));
            for (String script : SCRIPTS) {
                initramfs.put("farm/" + script, EXECUTABLE, resource(script));
            }
            for (String order : List.of("poweroff", "reboot")) {
                initramfs.put("sbin/" + order, EXECUTABLE, resource("poweroff"));
            }
            for (Check check : Checks.ALL) {
                for (String script : List.of("checks/" + check.name() + ".sh", "host/" + check.name() + ".sh")) {
                    if (Initramfs.class.getResource(script) != null) {
                        initramfs.put("farm/" + script, PLAIN, resource(script));
                    }
                }
            }
            Set<String> there = new HashSet<>();
            initramfs.modules(
                    "farm/modules." + role.word,
                    modules,
                    modules.loadOrder(role == Role.DOM0 ? DOM0_MODULES : PROVE_MODULES),
                    there);
            initramfs.modules("farm/modules.xen", modules, modules.loadOrder(modules.namedAfter("xen")), there);
            initramfs.modules("farm/modules.disks", modules, modules.loadOrder(LOOP_MODULES), there);
        }
    }

    /** The scripts by which a host that stands makes guests, by their names below one folder. */
    public static Map<String, String> hostScripts() throws IOException {
        List<String> names = new ArrayList<>(List.of("host.sh", "scripts/farm-vif", "scripts/farm-tap"));
        for (Check check : Checks.ALL) {
            String script = "host/" + check.name() + ".sh";
            if (Initramfs.class.getResource(script) != null) {
                names.add(script);
            }
        }
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String name : names) {
            scripts.put(name, new String(resource(name), StandardCharsets.UTF_8));
        }
        return scripts;
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

    /** Puts modules where they are not yet, and a list of them. */
    private void modules(String list, KernelModules modules, List<String> order, Set<String> there) throws IOException {
        StringBuilder paths = new StringBuilder();
        for (String module : order) {
            String path = "lib/modules/" + module;
            paths.append('/').append(path).append('\n');
            if (there.add(path)) {
                folders(path);
                put(path, PLAIN, Files.readAllBytes(modules.file(module)));
            }
        }
        put(list, PLAIN, paths.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
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
