package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.bootmatrix.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A kernel tree with an identity.
 *
 * @param identity for example {@code debian:linux-source-6.1=6.1.192-2}
 * @param version for packages: a Debian version (deb-version(7)), for example {@code 6.1.192-2}
 * @param origin where it comes from, as provenance has it
 * @param tree where it is unpacked; nothing writes into it
 * @param timestamp of the source; it stands for "now" in everything made from it, so that it can be made again
 */
public record KernelSource(String identity, String version, Provenance.Source origin, Path tree, Instant timestamp) {

    /** The same with its tree at {@code place}, which is made: hard links, or copies if that is another file system. */
    KernelSource linkedAt(Path place) throws IOException {
        Files.createDirectories(place.getParent());
        Command copy = Command.of("cp", "--archive", "--no-target-directory", tree.toString(), place.toString());
        if (copy.and("--link").run().exit() != 0) {
            FileTrees.delete(place);
            copy.output();
        }
        return new KernelSource(identity, version, origin, place, timestamp);
    }
}
