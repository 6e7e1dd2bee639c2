package io.kernelfarm.artifacts;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * How a package's contents are compressed.
 *
 * @param level as the algorithm's own program counts it: gzip 1 to 9, xz 0 to 9, zstd 1 to 19
 */
public record Compression(Algorithm algorithm, int level) {
    /**
     * zstd at level 3: read by dpkg from 1.21.18 on (Debian 12; Ubuntu since 18.04) and by rpm from 4.14 on, and written
     * some hundred times faster than xz.
     */
    public static final Compression DEFAULT = new Compression(Algorithm.ZSTD, 3);

    /** A compressed format. */
    public enum Algorithm {
        GZIP("gzip", "gz", 1, 9),
        XZ("xz", "xz", 0, 9),
        ZSTD("zstd", "zst", 1, 19);

        /** The most memory that a decoder may ask for; xz at level 9 needs 65 MiB. */
        private static final int XZ_MEMORY_KIB = 80 * 1024;

        private final String program;
        private final String suffix;
        private final int lowest;
        private final int highest;

        Algorithm(String program, String suffix, int lowest, int highest) {
            this.program = program;
            this.suffix = suffix;
            this.lowest = lowest;
            this.highest = highest;
        }

        /** The name of its program, which is also rpm's name for it. */
        public String program() {
            return program;
        }

        /** The end of a file's name, without the dot. */
        public String suffix() {
            return suffix;
        }

        public InputStream decompress(InputStream in) throws IOException {
            return switch (this) {
                case GZIP ->
                    GzipCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .get();
                case XZ -> new XZInputStream(in, XZ_MEMORY_KIB);
                case ZSTD -> new ZstdInputStream(in);
            };
        }
    }

    /** Throws {@link IllegalArgumentException} if the algorithm has no such level */
    public Compression {
        if (level < algorithm.lowest || level > algorithm.highest) {
            throw new IllegalArgumentException("%s has no level %d; it goes from %d to %d"
                    .formatted(algorithm.program, level, algorithm.lowest, algorithm.highest));
        }
    }

    /** The result depends on what is written alone, not on the machine or the number of its processors. */
    public OutputStream compress(OutputStream out) throws IOException {
        return switch (algorithm) {
            case GZIP -> {
                GzipParameters parameters = new GzipParameters();
                parameters.setCompressionLevel(level);
                yield new GzipCompressorOutputStream(out, parameters);
            }
            case XZ -> new XZOutputStream(out, new LZMA2Options(level));
            case ZSTD -> {
                ZstdOutputStream zstd = new ZstdOutputStream(out, level);
                zstd.setChecksum(true);
                // Any number of workers gives the same bytes, but other bytes than no workers at all.
                zstd.setWorkers(Runtime.getRuntime().availableProcessors());
                yield zstd;
            }
        };
    }
}
