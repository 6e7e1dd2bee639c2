package io.kernelfarm.artifacts.repository;

import com.github.luben.zstd.Zstd;
import io.kernelfarm.artifacts.Compression;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * How a list of packages is compressed: in parts that stand one after another in the file and that can be taken over, byte for
 * byte, into the next file. Parts are gzip members (RFC 1952), zstd frames (RFC 8878), and blocks of one xz stream: apt does
 * not read a second stream.
 */
public enum Packing {
    PLAIN(""),
    GZIP(".gz"),
    XZ(".xz"),
    ZSTD(".zst");

    private static final int GZIP_LEVEL = 6;
    private static final int ZSTD_LEVEL = 9;

    private final String suffix;

    Packing(String suffix) {
        this.suffix = suffix;
    }

    /** The end of a file's name, with its dot. */
    public String suffix() {
        return suffix;
    }

    /** One part. */
    static final class Part {
        private final byte[] bytes;
        private final long unpadded;

        Part(byte[] bytes, long unpadded) {
            this.bytes = bytes;
            this.unpadded = unpadded;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Of an xz block, its size as the stream's index has it; otherwise the number of bytes. */
        long unpadded() {
            return unpadded;
        }
    }

    Part pack(byte[] open) throws IOException {
        byte[] bytes =
                switch (this) {
                    case PLAIN -> open;
                    case GZIP -> {
                        ByteArrayOutputStream packed = new ByteArrayOutputStream();
                        try (OutputStream out =
                                new Compression(Compression.Algorithm.GZIP, GZIP_LEVEL).compress(packed)) {
                            out.write(open);
                        }
                        yield packed.toByteArray();
                    }
                    case ZSTD -> Zstd.compress(open, ZSTD_LEVEL);
                    case XZ -> XzBlocks.block(open);
                };
        return this == XZ ? XzBlocks.part(bytes) : new Part(bytes, bytes.length);
    }

    /**
     * The content of a part.
     *
     * @param open its length
     */
    byte[] unpack(Part part, int open) throws IOException {
        byte[] bytes =
                switch (this) {
                    case PLAIN -> part.bytes();
                    case GZIP -> read(Compression.Algorithm.GZIP, part.bytes());
                    case ZSTD -> read(Compression.Algorithm.ZSTD, part.bytes());
                    case XZ -> read(Compression.Algorithm.XZ, XzBlocks.stream(part, open));
                };
        if (bytes.length != open) {
            throw new IOException("a list of packages is damaged");
        }
        return bytes;
    }

    private static byte[] read(Compression.Algorithm algorithm, byte[] packed) throws IOException {
        try (InputStream in = algorithm.decompress(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
