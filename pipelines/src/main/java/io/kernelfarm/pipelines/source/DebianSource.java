package io.kernelfarm.pipelines.source;

import static io.kernelfarm.pipelines.source.Source.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.pipelines.AptPackages;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A package of Debian that has a kernel's source in it. apt fetches it, and checks it against the archive's signatures.
 *
 * @param debian its name, for example {@code linux-source-6.1}
 * @param suite of Debian that has it, for example {@code trixie}; null for what this machine's own apt knows
 * @param patches on top of it; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DebianSource(String debian, String suite, Patches patches) implements Source {

    public DebianSource {
        require(
                debian.matches("linux-source-[0-9][0-9.]*"),
                "source '" + debian + "' is not a Debian kernel source package such as linux-source-6.1");
        require(
                suite == null || suite.matches("[a-z][a-z-]{1,39}"),
                "'source.suite' is '" + suite + "', which is not the name of a Debian release such as trixie");
    }

    @Override
    public KernelSource fetch(CacheLayout cache, Progress progress) throws IOException {
        AptPackages.Fetched fetched = suite == null
                ? fetch(new AptPackages(cache, progress), cache)
                // Its lists are the farm's own: apt would not wait for another farm that is updating them.
                : FolderLock.holding(
                        cache.apt(suite), progress, () -> fetch(AptPackages.of(suite, cache, progress), cache));
        return new KernelSource(
                "debian:" + debian + "=" + fetched.version(),
                fetched.version(),
                Provenance.Source.debian(debian, fetched.version(), fetched.sha256()),
                fetched.place(),
                SourceTree.timestamp(fetched.place()));
    }

    private AptPackages.Fetched fetch(AptPackages apt, CacheLayout cache) throws IOException {
        return apt.fetch(debian, cache.sources(), this::unpack);
    }

    private Path unpack(Path deb, Path scratch) throws IOException {
        Path unpacked = scratch.resolve("package");
        Command.of("dpkg-deb", "--extract", deb.toString(), unpacked.toString())
                .in(scratch)
                .output();
        Path tarball = unpacked.resolve("usr/src").resolve(debian + ".tar.xz");
        if (!Files.isRegularFile(tarball)) {
            throw FarmException.farm(deb.getFileName() + " has no usr/src/" + debian + ".tar.xz in it");
        }
        Path made = Files.createDirectory(scratch.resolve("tree"));
        Command.of("tar", "--extract", "--file", tarball.toString(), "--strip-components=1", "--no-same-owner")
                .in(made)
                .output();
        return made;
    }
}
