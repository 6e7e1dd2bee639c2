package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** As much of the source in Debian's package linux-source-6.1 as a configuration needs, unpacked once. */
final class DebianSource {
    private static final Path ARCHIVE = Path.of("/usr/src/linux-source-6.1.tar.xz");
    private static final String ROOT = "linux-source-6.1";

    private DebianSource() {}

    static Path get() throws IOException, InterruptedException {
        assertThat(ARCHIVE).as("./farm installs the package linux-source-6.1").isRegularFile();
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(home -> !home.isBlank())
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("kernel-farm/test-sources");
        // Another version of the package is another archive; the 2 is for what is taken out of it.
        Path source =
                cache.resolve(ROOT + "-2-" + Files.getLastModifiedTime(ARCHIVE).toMillis() + "-" + Files.size(ARCHIVE));
        if (!Files.isDirectory(source)) {
            Files.createDirectories(cache);
            Path unpacked = Files.createTempDirectory(cache, "unpacking-");
            try {
                unpack(unpacked);
                Files.move(unpacked.resolve(ROOT), source, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                // Another test run was quicker, with the same files.
                assertThat(source).isDirectory();
            } finally {
                delete(unpacked);
            }
        }
        return source;
    }

    private static void unpack(Path target) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder(
                        "tar",
                        "-xJf",
                        ARCHIVE.toString(),
                        "-C",
                        target.toString(),
                        "--wildcards",
                        "*/Kconfig*",
                        ROOT + "/Makefile",
                        ROOT + "/scripts/*",
                        ROOT + "/arch/x86/Makefile*",
                        ROOT + "/arch/arm64/Makefile",
                        ROOT + "/arch/x86/configs/*",
                        ROOT + "/kernel/configs/*")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).as("exit status of tar").isZero();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
