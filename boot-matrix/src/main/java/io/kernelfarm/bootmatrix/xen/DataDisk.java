package io.kernelfarm.bootmatrix.xen;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * The disk that a cell has to read through its mode's driver: a sector that names the boot's nonce, 512 sectors of content
 * made from the nonce, room where the booted system leaves its kernel's log, two sectors by which a guest and its dom0 write to each
 * other, and room to write to.
 */
public final class DataDisk {

    private static final int SECTOR = 512;
    private static final int CONTENT = 512 * SECTOR;
    /** One of a guest's first life, and one of the life after a reboot; see log.sh. */
    private static final int LOGS = 2;

    private static final int LOG = 512 * 1024;
    /** Letter boxes between a guest and its dom0, up to sector 2584: see asking.sh. */
    private static final int LETTERS = 23 * SECTOR;
    /** Where the disk check writes. */
    private static final int SCRATCH = 512 * SECTOR;

    private final Path image;
    private final String sha256;

    private DataDisk(Path image, String sha256) {
        this.image = image;
        this.sha256 = sha256;
    }

    /** Makes the disk of the boot that bears {@code nonce}. */
    public static DataDisk make(Path image, String nonce) throws IOException {
        byte[] content = new byte[CONTENT];
        new Random(nonce.hashCode()).nextBytes(content);
        ByteBuffer disk = ByteBuffer.allocate(SECTOR + CONTENT + LOGS * LOG + LETTERS + SCRATCH);
        disk.put(("kernel-farm data " + nonce + "\n").getBytes(StandardCharsets.US_ASCII));
        disk.position(SECTOR).put(content);
        Files.write(image, disk.array());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new DataDisk(image, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public Path image() {
        return image;
    }

    /** SHA-256 of the content, lower-case hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** The kernel's log as the booted system left it; empty if it never came to that. */
    public List<String> kernelLog() throws IOException {
        List<String> lines = new ArrayList<>();
        byte[] log = new byte[LOG];
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            file.seek(SECTOR + CONTENT);
            for (int life = 0; life < LOGS; life++) {
                file.readFully(log);
                int end = 0;
                while (end < log.length && log[end] != 0) {
                    end++;
                }
                new String(log, 0, end, StandardCharsets.ISO_8859_1).lines().forEach(lines::add);
            }
        }
        return lines;
    }
}
