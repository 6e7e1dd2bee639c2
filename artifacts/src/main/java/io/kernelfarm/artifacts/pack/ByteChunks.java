package io.kernelfarm.artifacts.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.tukaani.xz.FinishableOutputStream;

/** Bytes in memory that grow without being copied. */
final class ByteChunks extends FinishableOutputStream {
    private static final int SIZE = 1 << 16;

    private final List<byte[]> chunks = new ArrayList<>();
    private int inLast = SIZE;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (inLast == SIZE) {
                chunks.add(new byte[SIZE]);
                inLast = 0;
            }
            int count = Math.min(left, SIZE - inLast);
            System.arraycopy(bytes, from, chunks.get(chunks.size() - 1), inLast, count);
            inLast += count;
            from += count;
            left -= count;
        }
    }

    long size() {
        return (long) chunks.size() * SIZE - (SIZE - inLast);
    }

    void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < chunks.size(); i++) {
            out.write(chunks.get(i), 0, i == chunks.size() - 1 ? inLast : SIZE);
        }
    }
}
