package io.kernelfarm.artifacts.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to break bytes. What comes out depends on the random numbers alone. */
final class Mutations {
    private static final int MAX_SIZE = 1 << 20;
    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0xFFFF_FFFFL,
        1L << 40,
        0x7FFF,
        100
    };

    private Mutations() {}

    static byte[] of(List<byte[]> samples, Random random) {
        byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            if (bytes.length > 0) {
                bytes = change(bytes, samples, random);
            }
        }
        return bytes.length > MAX_SIZE ? Arrays.copyOf(bytes, MAX_SIZE) : bytes;
    }

    private static byte[] change(byte[] bytes, List<byte[]> samples, Random random) {
        int at = place(bytes, random);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 16 : 600));
        return switch (random.nextInt(11)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> cut(bytes, at, at + length, new byte[0]);
            case 2 -> cut(bytes, at, at, noise(length, random));
            case 3 -> cut(bytes, at, at, repeated(bytes, at, length, random));
            case 4 -> splice(bytes, at, samples, random);
            case 5 -> blowUpDigits(bytes, at, random);
            case 6, 7 -> extreme(bytes, at, random);
            case 8 -> fill(bytes, at, at + length, random);
            default -> flip(bytes, random);
        };
    }

    /** Headers stand in front: every second change is made in the first kilobyte. */
    private static int place(byte[] bytes, Random random) {
        return random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 1024) : bytes.length);
    }

    private static byte[] flip(byte[] bytes, Random random) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[place(bytes, random)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static byte[] fill(byte[] bytes, int from, int to, Random random) {
        byte[] fillers = {0, -1, '0', '7', '9', 'F', ' ', '\n', '/', '.'};
        Arrays.fill(bytes, from, to, fillers[random.nextInt(fillers.length)]);
        return bytes;
    }

    /** Lengths and offsets of binary formats. */
    private static byte[] extreme(byte[] bytes, int at, Random random) {
        int aligned = random.nextBoolean() ? at & ~3 : at;
        int width = 1 << random.nextInt(4);
        if (aligned + width <= bytes.length) {
            ByteBuffer number = ByteBuffer.allocate(8)
                    .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .putLong(EXTREMES[random.nextInt(EXTREMES.length)]);
            int from = number.order() == ByteOrder.BIG_ENDIAN ? 8 - width : 0;
            System.arraycopy(number.array(), from, bytes, aligned, width);
        }
        return bytes;
    }

    /** Lengths of formats that write them as text: all the digits from a place on. */
    private static byte[] blowUpDigits(byte[] bytes, int from, Random random) {
        byte[] digits = {'0', '1', '7', '9', 'F', '-'};
        byte digit = digits[random.nextInt(digits.length)];
        int at = from;
        while (at < bytes.length && !isDigit(bytes[at])) {
            at++;
        }
        while (at < bytes.length && isDigit(bytes[at])) {
            bytes[at++] = digit;
        }
        return bytes;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] splice(byte[] bytes, int at, List<byte[]> samples, Random random) {
        byte[] other = samples.get(random.nextInt(samples.size()));
        int from = place(other, random);
        return cut(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
    }

    private static byte[] repeated(byte[] bytes, int at, int length, Random random) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        for (int i = 1 << random.nextInt(10); i > 0 && piece.size() < MAX_SIZE; i--) {
            piece.write(bytes, at, length);
        }
        return piece.toByteArray();
    }

    private static byte[] noise(int length, Random random) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] cut(byte[] bytes, int from, int to, byte[] with) {
        return ByteBuffer.allocate(from + with.length + bytes.length - to)
                .put(bytes, 0, from)
                .put(with)
                .put(bytes, to, bytes.length - to)
                .array();
    }
}
