package io.kernelfarm.bootmatrix.machine.netboot;

import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder that somebody else serves, by TFTP or HTTP: with dnsmasq, one below its {@code tftp-root}, and {@code dhcp-boot}
 * naming {@code FOLDER/boot.ipxe} for the machine. Nobody else may use it.
 */
public record BootFolder(Path folder) implements BootPlace {

    @Override
    public Offer offer(BootMedia media) throws IOException {
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new IOException("boot files cannot be written to " + folder
                    + "; make that folder where the TFTP or web server serves it, and let the farm write to it");
        }
        try {
            BootFiles.write(folder, media);
        } catch (IOException e) {
            BootFiles.remove(folder);
            throw e;
        }
        return () -> {
            try {
                BootFiles.remove(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
