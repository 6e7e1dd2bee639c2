package io.kernelfarm.bootmatrix.drill;

import io.kernelfarm.bootmatrix.initramfs.Initramfs;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Files that lie over those of the farm's initramfs, as a second archive behind it, which the kernel unpacks as well: so a
 * fault is put into the real boot of a real kernel, and the farm itself knows nothing of it.
 */
public final class Overlay {

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** Puts {@code content} at {@code path}, which has no slash before it. */
    public Overlay put(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** Does {@code shell} first of all, before the farm has said a word. */
    public Overlay atTheStart(String shell) {
        put("farm/init", script("init"));
        return put("init", text("""
                #!/bin/busybox sh
                /bin/busybox --install -s /bin
                mount -t proc proc /proc
                mount -t sysfs sysfs /sys
                mount -t devtmpfs dev /dev
                . /farm/words.sh
                %s
                exec /farm/init
                """.formatted(shell)));
    }

    /** Does {@code shell} in front of (or after) the line of the farm's script {@code name} that contains {@code line}. */
    public Overlay at(String name, String line, boolean after, String shell) {
        StringBuilder changed = new StringBuilder();
        boolean found = false;
        for (String each :
                new String(script(name), StandardCharsets.UTF_8).lines().toList()) {
            boolean here = !found && each.contains(line);
            found |= here;
            changed.append(here && !after ? shell + "\n" : "").append(each).append('\n');
            changed.append(here && after ? shell + "\n" : "");
        }
        if (!found) {
            throw new IllegalStateException(name + " has no line with '" + line + "'");
        }
        return put("farm/" + name, text(changed.toString()));
    }

    /** {@code media} with this over the initramfs of the machine's own kernel. */
    public BootMedia onMachine(BootMedia media, Path folder) throws IOException {
        Path initrd = Files.createTempFile(folder, "initrd", ".gz");
        Files.write(initrd, over(Files.readAllBytes(media.initrd())));
        return new BootMedia(
                media.kernel(),
                media.cmdline(),
                initrd,
                media.hypervisor(),
                media.disks(),
                media.memoryMib(),
                media.platform());
    }

    /** {@code media} of a Xen host with this over the initramfs of those guests that dom0 loads itself. */
    public BootMedia onGuests(BootMedia media, Path folder) throws IOException {
        List<BootMedia.Disk> disks = new ArrayList<>(media.disks());
        Path payload = Files.createTempFile(folder, "payload", ".tar");
        try (InputStream in = Files.newInputStream(disks.get(1).image());
                TarArchiveInputStream before = new TarArchiveInputStream(in);
                OutputStream out = Files.newOutputStream(payload);
                TarArchiveOutputStream after = new TarArchiveOutputStream(out)) {
            for (TarArchiveEntry entry = before.getNextEntry(); entry != null; entry = before.getNextEntry()) {
                byte[] content = before.readAllBytes();
                if (entry.getName().equals("initrd.gz")) {
                    content = over(content);
                }
                TarArchiveEntry changed = new TarArchiveEntry(entry.getName());
                changed.setSize(content.length);
                after.putArchiveEntry(changed);
                after.write(content);
                after.closeArchiveEntry();
            }
        }
        disks.set(1, new BootMedia.Disk(payload, false));
        return new BootMedia(
                media.kernel(),
                media.cmdline(),
                media.initrd(),
                media.hypervisor(),
                disks,
                media.memoryMib(),
                media.platform());
    }

    /** The texts that {@code media} gives to kernels: the machine's own command line, and the configurations of its guests. */
    public static List<String> texts(BootMedia media) throws IOException {
        List<String> texts = new ArrayList<>(List.of(media.cmdline()));
        try (InputStream in = Files.newInputStream(media.disks().get(1).image());
                TarArchiveInputStream payload = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = payload.getNextEntry(); entry != null; entry = payload.getNextEntry()) {
                if (entry.getName().endsWith(".cfg")) {
                    texts.add(new String(payload.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    private byte[] over(byte[] initramfs) throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(both);
                CpioArchiveOutputStream archive = new CpioArchiveOutputStream(gzip)) {
            // One stream of gzip, since Xen's toolstack unpacks the first one of a guest's initramfs itself.
            new GZIPInputStream(new ByteArrayInputStream(initramfs)).transferTo(gzip);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                CpioArchiveEntry entry = new CpioArchiveEntry(file.getKey(), file.getValue().length);
                entry.setMode(CpioConstants.C_ISREG | 0755);
                entry.setNumberOfLinks(1);
                archive.putArchiveEntry(entry);
                archive.write(file.getValue());
                archive.closeArchiveEntry();
            }
        }
        return both.toByteArray();
    }

    private static byte[] script(String name) {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
