package io.kernelfarm.artifacts.unpack;

import io.kernelfarm.artifacts.PackageFormatException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Decoded bytes of a package. Whatever a decoder throws at bad bytes comes out as {@link PackageFormatException}, and no more
 * bytes come out than allowed.
 */
public final class PackageStream extends FilterInputStream {
    private final Path file;
    private long allowed;

    private PackageStream(Path file, InputStream decoded, long allowed) {
        super(decoded);
        this.file = file;
        this.allowed = allowed;
    }

    /** Makes a decoder, whose constructor may already read. */
    public interface Decoder {
        InputStream open() throws IOException;
    }

    public static PackageStream open(Path file, long allowed, Decoder decoder) throws IOException {
        return new PackageStream(file, guarded(file, decoder::open), allowed);
    }

    /** A step of decoding. */
    public interface Step<T> {
        T take() throws IOException;
    }

    /** Decoders were not all written with hostile input in mind: some throw unchecked exceptions. */
    public static <T> T guarded(Path file, Step<T> step) throws PackageFormatException {
        try {
            return step.take();
        } catch (PackageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new PackageFormatException(file, "it is damaged (" + e.getMessage() + ")", e);
        }
    }

    /** From now on, this many bytes may come. */
    public void allow(long bytes) {
        allowed = bytes;
    }

    /** Fails if there are fewer. */
    public byte[] readExactly(int count) throws IOException {
        byte[] bytes = new byte[count];
        readExactly(bytes, 0, count);
        return bytes;
    }

    /** Fails if there are fewer. */
    public void readExactly(byte[] bytes, int offset, int count) throws IOException {
        if (readNBytes(bytes, offset, count) < count) {
            throw new PackageFormatException(file, "it ends too early");
        }
    }

    @Override
    public int read() throws IOException {
        return guarded(file, () -> {
            int b = in.read();
            take(b < 0 ? 0 : 1);
            return b;
        });
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return guarded(file, () -> {
            int count = in.read(bytes, offset, length);
            take(Math.max(0, count));
            return count;
        });
    }

    @Override
    public long skip(long count) throws IOException {
        return guarded(file, () -> {
            long skipped = in.skip(count);
            take(skipped);
            return skipped;
        });
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void take(long count) throws PackageFormatException {
        allowed -= count;
        if (allowed < 0) {
            throw new PackageFormatException(file, "it unpacks to more than is allowed");
        }
    }
}
