package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brings a Debian kernel source package into the cache. */
final class SourceStage {

    private SourceStage() {}

    /**
     * @throws FarmException the farm's fault, if the package can neither be downloaded nor is in the cache
     */
    static KernelSource run(Spec.Source source, CacheLayout cache, Progress progress) throws IOException {
        String name = source.debian();
        AptPackages.Fetched fetched = new AptPackages(cache, progress)
                .fetch(name, cache.sources(), (deb, scratch) -> unpack(name, deb, scratch));
        // The date of the release: tar keeps it.
        Path makefile = fetched.place().resolve("Makefile");
        return new KernelSource(
                "debian:" + name + "=" + fetched.version(),
                fetched.version(),
                fetched.sha256(),
                fetched.place(),
                Files.getLastModifiedTime(makefile).toInstant());
    }

    private static Path unpack(String name, Path deb, Path scratch) throws IOException {
        Path unpacked = scratch.resolve("package");
        Command.of("dpkg-deb", "--extract", deb.toString(), unpacked.toString())
                .in(scratch)
                .output();
        Path tarball = unpacked.resolve("usr/src").resolve(name + ".tar.xz");
        if (!Files.isRegularFile(tarball)) {
            throw FarmException.farm(deb.getFileName() + " has no usr/src/" + name + ".tar.xz in it");
        }
        Path made = Files.createDirectory(scratch.resolve("tree"));
        Command.of("tar", "--extract", "--file", tarball.toString(), "--strip-components=1", "--no-same-owner")
                .in(made)
                .output();
        return made;
    }
}
