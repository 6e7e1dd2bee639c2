package io.kernelfarm.artifacts.pack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Cuts what is written into blocks of one size, has several compressed at once, and writes them in their order. Where it is cut
 * does not depend on the number of threads; so neither do the bytes.
 *
 * @param <C> a compressed block
 */
abstract class BlockOutput<C> extends OutputStream {
    private final OutputStream out;
    private final int blockSize;
    private final int threads;
    private final ExecutorService executor;
    private final Deque<Future<C>> underway = new ArrayDeque<>();
    private byte[] previous = new byte[0];
    private byte[] block = new byte[0];
    private int filled;
    private boolean closed;

    /**
     * @param bytesPerBlock how much memory of the heap one block takes while it is compressed
     * @throws IOException if that is more than there is
     */
    BlockOutput(OutputStream out, String name, int blockSize, long bytesPerBlock) throws IOException {
        this.out = out;
        this.blockSize = blockSize;
        this.threads = threads(name, bytesPerBlock);
        this.executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** As many as there are processors, if they do not take more than two thirds of the heap together. */
    private static int threads(String name, long bytesPerBlock) throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        if (bytesPerBlock > heap) {
            throw new IOException(
                    "%s needs %d MB of memory, and Java may take %d MB; choose a lower level or raise -Xmx"
                            .formatted(name, bytesPerBlock >> 20, heap >> 20));
        }
        long fitting = Math.max(1, heap / 3 * 2 / bytesPerBlock);
        return (int) Math.min(Runtime.getRuntime().availableProcessors(), fitting);
    }

    /**
     * Compresses one block; called by several threads at once.
     *
     * @param before the block that came before; empty for the first
     * @param last whether the stream ends with it; it may be empty then
     */
    abstract C compress(byte[] before, byte[] block, int length, boolean last) throws IOException;

    /** Writes one compressed block; called in their order. */
    abstract void append(C compressed, OutputStream out) throws IOException;

    /** What stands after the blocks. */
    abstract void finish(OutputStream out) throws IOException;

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == blockSize) {
                start(false);
            }
            int count = Math.min(left, blockSize - filled);
            reserve(filled + count);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    /** A small package does not take the memory of a whole block. */
    private void reserve(int needed) {
        if (needed > block.length) {
            int size = (int) Math.min(blockSize, Math.max(Math.max(needed, 1 << 16), 2L * block.length));
            block = Arrays.copyOf(block, size);
        }
    }

    private void start(boolean last) throws IOException {
        if (underway.size() >= threads) {
            take();
        }
        byte[] before = previous;
        byte[] current = block;
        int length = filled;
        Callable<C> task = () -> compress(before, current, length, last);
        underway.add(executor.submit(task));
        previous = current;
        block = new byte[last ? 0 : blockSize];
        filled = 0;
    }

    private void take() throws IOException {
        try {
            append(underway.remove().get(), out);
        } catch (ExecutionException e) {
            throw new IOException("compressing failed: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while compressing");
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            start(true);
            while (!underway.isEmpty()) {
                take();
            }
            finish(out);
        } finally {
            executor.shutdownNow();
        }
    }
}
