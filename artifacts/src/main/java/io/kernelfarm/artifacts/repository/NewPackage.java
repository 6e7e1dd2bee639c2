package io.kernelfarm.artifacts.repository;

import java.util.List;

/**
 * A package on its way into a channel.
 *
 * @param texts its part of each list
 */
public record NewPackage(ListedPackage listed, List<byte[]> texts) {
    public NewPackage {
        texts = List.copyOf(texts);
    }
}
