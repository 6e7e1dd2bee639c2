package io.kernelfarm.bootmatrix.machine.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a Linux image for x86 says of itself before its code begins (the kernel's Documentation/arch/x86/boot.rst). */
final class ImageHeader {

    private static final int MAGIC = 0x202;
    /** Where the text is, as a 16 bit number, counted from {@link #COUNTED_FROM}. */
    private static final int VERSION_POINTER = 0x20e;

    private static final int COUNTED_FROM = 0x200;

    private ImageHeader() {}

    /**
     * The release of the kernel in {@code image}, as {@code uname -r} prints it: the first word of its version.
     *
     * @throws IOException if it is no such image
     */
    static String release(byte[] image) throws IOException {
        boolean linux = image.length > VERSION_POINTER + 1
                && new String(image, MAGIC, 4, StandardCharsets.US_ASCII).equals("HdrS");
        if (linux) {
            int start = Byte.toUnsignedInt(image[VERSION_POINTER])
                    + (Byte.toUnsignedInt(image[VERSION_POINTER + 1]) << 8)
                    + COUNTED_FROM;
            int end = start;
            while (end < image.length && image[end] > ' ') {
                end++;
            }
            if (end > start) {
                return new String(image, start, end - start, StandardCharsets.US_ASCII);
            }
        }
        throw new IOException("what the fake machine was given to boot is no Linux image for x86");
    }
}
