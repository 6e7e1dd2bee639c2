package io.kernelfarm.bootmatrix.xen;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What dom0 needs for its guests, as a tar archive that serves as a raw disk: dom0 unpacks it straight from the block
 * device. A tar archive is a whole number of 512-byte records, so it is a whole number of sectors.
 */
final class Payload {

    private Payload() {}

    static void write(Path image, Map<String, Path> files, Map<String, String> texts) throws IOException {
        try (OutputStream out = Files.newOutputStream(image);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(Files.size(file.getValue()));
                tar.putArchiveEntry(entry);
                Files.copy(file.getValue(), tar);
                tar.closeArchiveEntry();
            }
            for (Map.Entry<String, String> text : texts.entrySet()) {
                byte[] bytes = text.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(text.getKey());
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }
}
