package io.kernelfarm.artifacts.rpm;

import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Signs rpms as {@code rpmsign --addsign} does: an OpenPGP signature of the header, which carries the payload's digest, goes
 * into the signature header; earlier signatures are left out. Lead, header and payload stay as they are.
 */
public record RpmSigner(SigningKey key) {

    /**
     * Writes a signed copy.
     *
     * @param headers of the unsigned package
     */
    public void sign(Path unsigned, RpmReader.Headers headers, Path signed) throws IOException {
        if (!headers.header().has(RpmTag.PAYLOAD_DIGEST)) {
            throw new PackageFormatException(
                    unsigned,
                    "it has no digest of its payload, so that no signature would hold it; build it with rpm 4.14 or later");
        }
        try (FileChannel from = FileChannel.open(unsigned);
                FileChannel to = FileChannel.open(
                        signed,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            transfer(from, 0, RpmReader.LEAD_SIZE, to);
            ByteBuffer signature = ByteBuffer.wrap(signature(headers));
            while (signature.hasRemaining()) {
                to.write(signature);
            }
            transfer(from, headers.headerStart(), from.size(), to);
        }
    }

    private static void transfer(FileChannel from, long start, long end, FileChannel to) throws IOException {
        long at = start;
        while (at < end) {
            long count = from.transferTo(at, end - at, to);
            if (count == 0) {
                throw new IOException("the package became shorter while it was signed");
            }
            at += count;
        }
    }

    private byte[] signature(RpmReader.Headers headers) throws IOException {
        RpmHeaderBuilder builder = new RpmHeaderBuilder();
        headers.signature().copyTo(builder);
        for (int old : new int[] {RpmTag.SIG_DSA, RpmTag.SIG_PGP, RpmTag.SIG_GPG, RpmTag.SIG_RESERVED_SPACE}) {
            builder.remove(old);
        }
        builder.binary(RpmTag.SIG_RSA, key.detachedPacket(headers.header().bytes()));
        byte[] bytes = builder.build(RpmTag.HEADER_SIGNATURES);
        return Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    }
}
