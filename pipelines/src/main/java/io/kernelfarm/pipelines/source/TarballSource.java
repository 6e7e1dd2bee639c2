package io.kernelfarm.pipelines.source;

import static io.kernelfarm.pipelines.source.Source.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kernelfarm.artifacts.provenance.PackageUrl;
import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Disk;
import io.kernelfarm.pipelines.Download;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.Scratch;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A tarball: plain, or compressed by gzip, xz, zstd or bzip2. It is unpacked as if it were hostile, and not before its digest is
 * known to be the right one.
 *
 * @param tarball where it is
 * @param sha256 of the file, hexadecimal
 * @param patches on top of it; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TarballSource(Location tarball, String sha256, Patches patches) implements Source {

    public TarballSource {
        tarball = tarball.of(Set.of("https", "http"), "tarball");
        require(
                sha256 != null,
                "'source.sha256' is missing: the SHA-256 that the tarball has to have, as sha256sum prints it");
        sha256 = sha256.toLowerCase(Locale.ROOT);
        require(
                sha256.matches("[0-9a-f]{64}"),
                "'source.sha256' is '" + sha256 + "', which is not the 64 hexadecimal digits that sha256sum prints");
    }

    @Override
    public KernelSource fetch(CacheLayout cache, Progress progress) throws IOException {
        Path place = cache.tarball(sha256);
        FolderLock.holding(place, progress, () -> {
            if (!Files.exists(place)) {
                make(place, cache, progress);
            }
            return place;
        });
        String version = SourceTree.version(place);
        String uri = tarball.isUrl() ? tarball.toString() : PackageUrl.generic("linux", version);
        return new KernelSource(
                "tarball:" + tarball.name() + "@sha256:" + sha256,
                version + "-1",
                new Provenance.Source("linux", version, uri, new TreeMap<>(Map.of("sha256", sha256)), List.of()),
                place,
                SourceTree.timestamp(place));
    }

    private void make(Path place, CacheLayout cache, Progress progress) throws IOException {
        if (tarball.isUrl()) {
            Path part =
                    new Download(tarball.from(), sha256, new Complaints(tarball, sha256), cache, progress).complete();
            unpack(part, place, cache, progress);
            Files.delete(part);
            return;
        }
        Path file = tarball.path();
        if (!Files.isRegularFile(file)) {
            throw FarmException.usage(
                    "there is no tarball " + file + "; a path in a spec is looked for from the spec's folder");
        }
        progress.at(-1, "checking " + tarball.name());
        String found = Sha256.of(file);
        if (!found.equals(sha256)) {
            throw new Complaints(tarball, sha256).another(found);
        }
        unpack(file, place, cache, progress);
    }

    /** Of a tarball that is not what the spec says. */
    private record Complaints(Location tarball, String sha256) implements Download.Complaints {

        @Override
        public FarmException refused(int status) {
            return FarmException.usage("the server has no file for us at " + tarball + " (HTTP " + status
                    + "); correct 'source.tarball', or the password in it or in ~/.netrc");
        }

        @Override
        public FarmException tooLarge() {
            return FarmException.usage("the file at " + tarball + " has more than the " + Disk.size(Download.MAX_BYTES)
                    + " that a kernel's tarball may have; correct 'source.tarball'");
        }

        @Override
        public FarmException another(String found) {
            return FarmException.usage("the tarball " + tarball + " has the SHA-256 " + found
                    + ", and 'source.sha256' is " + sha256 + "; make sure which of the two is right");
        }

        @Override
        public FarmException unreachable(String reason) {
            return FarmException.farm("cannot download " + tarball + " (" + reason
                    + "); check the network, then try again: what has come is kept");
        }
    }

    private void unpack(Path file, Path place, CacheLayout cache, Progress progress) throws IOException {
        progress.at(-1, "unpacking " + tarball.name());
        try (Scratch scratch = Scratch.in(cache)) {
            Path tree = Tar.unpack(file, tarball.toString(), scratch.folder().resolve("unpacked"));
            SourceTree.check(tree, tarball.toString());
            Scratch.deliver(tree, place);
        }
    }
}
