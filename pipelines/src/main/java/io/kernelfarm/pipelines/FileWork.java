package io.kernelfarm.pipelines;

import java.io.IOException;

/** Work on files. */
@FunctionalInterface
public interface FileWork<T> {
    T run() throws IOException;
}
