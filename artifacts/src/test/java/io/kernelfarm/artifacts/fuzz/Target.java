package io.kernelfarm.artifacts.fuzz;

import java.io.IOException;
import java.util.List;

/**
 * One reader that is given broken bytes.
 *
 * @param samples bytes to start from
 */
public record Target(String name, List<byte[]> samples, Reader reader) {
    /** Reads all that there is. */
    public interface Reader {
        void read(byte[] bytes) throws IOException;
    }
}
