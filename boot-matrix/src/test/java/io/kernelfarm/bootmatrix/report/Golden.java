package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Expected outputs, kept as files beside the tests. {@code -Dgolden.update} writes them anew, to be read in the diff
 * before they are committed.
 */
final class Golden {

    private static final Path FOLDER = Path.of("src/test/resources/io/kernelfarm/bootmatrix/report");

    private Golden() {}

    static void assertMatches(String name, String actual) throws IOException {
        Path file = FOLDER.resolve(name);
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, actual);
        }
        assertThat(actual)
                .as("%s (where the change is wanted: -Dgolden.update)", name)
                .isEqualTo(Files.readString(file));
    }
}
