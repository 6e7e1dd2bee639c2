package io.kernelfarm.artifacts;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.kernelfarm.artifacts.pack.GzipOutput;
import io.kernelfarm.artifacts.pack.XzOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

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

    /** Each takes some 130 MB outside of Java's heap at level 19. */
    private static final int MAX_WORKERS = 8;

    /** A compressed format. */
    public enum Algorithm {
        GZIP("gzip", "gz", 1, 9),
        XZ("xz", "xz", 0, 9),
        ZSTD("zstd", "zst", 1, 19);

        /** The most memory that a decoder may ask for; xz at level 9 needs 65 MiB. */
        private static final int XZ_MEMORY_KIB = 80 * 1024;

        /** A window of 128 MiB, outside of Java's heap; level 19 needs 8 MiB, and only {@code --ultra -22} all of it. */
        private static final int ZSTD_WINDOW_LOG = 27;

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
                case ZSTD -> new ZstdInputStream(in).setLongMax(ZSTD_WINDOW_LOG);
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

    /**
     * Compresses on all processors. The result depends on what is written alone, not on their number.
     *
     * @throws IOException if Java's heap is too small for this level of xz
     */
    public OutputStream compress(OutputStream out) throws IOException {
        return switch (algorithm) {
            case GZIP -> new GzipOutput(out, level);
            case XZ -> new XzOutput(out, level);
            case ZSTD -> {
                ZstdOutputStream zstd = new ZstdOutputStream(out, level);
                zstd.setChecksum(true);
                // Any number of workers gives the same bytes, but other bytes than no workers at all.
                zstd.setWorkers(Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors()));
                yield zstd;
            }
        };
    }
}
