package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.apt.AptRepository;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.dnf.DnfRepository;
import io.kernelfarm.artifacts.kernel.KernelFiles;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.repository.Repository;
import io.kernelfarm.artifacts.repository.RepositorySettings;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What it costs to add one kernel to repositories that have many: by this program, and by what one would take otherwise, on
 * the same packages. A kernel is what the farm makes of a small configuration: two debs and four rpms, with the eleven
 * thousand files that external modules are built with.
 *
 * @param packages that the repositories had when the others' programs were measured, and the farm's were for the ratio
 * @param processors of this machine
 * @param grown the farm's time at several sizes
 * @param apt seconds that Debian's programs took: apt-ftparchive with its cache, xz, zstd, gpg
 * @param dnf seconds that rpmsign, createrepo_c --update and gpg took
 * @param programRatio of the others' time to that of a program that is started to do it, with the start of its Java
 * @param callRatio of the others' time to that of a call, which is what a run of the farm does
 */
public record RepositoryBench(
        int packages,
        int processors,
        List<Grown> grown,
        double apt,
        double dnf,
        double programRatio,
        double callRatio) {
    private static final int PACKAGES_OF_A_KERNEL = 6;

    /** As many as Linux 6.1 has that are needed to build an external module. */
    private static final int HEADERS = 11_400;

    private static final int MODULES = 60;
    private static final int IMAGE_SIZE = 10 << 20;
    private static final int SMALL_IMAGE_SIZE = 1 << 16;
    private static final int COMPARED = 1000;
    private static final List<Integer> SIZES = List.of(100, 300, COMPARED);
    private static final String CHANNEL = "testing";

    /**
     * Adding one kernel to repositories of some size.
     *
     * @param packages that were there
     * @param program seconds of a program that is started to do it
     * @param call seconds of the same in a program that runs already
     * @param indexBytes of all lists and records together afterwards, in each compression
     */
    public record Grown(int packages, double program, double call, long indexBytes) {}

    public RepositoryBench {
        grown = List.copyOf(grown);
    }

    /** Measures in the cache's folder, where it takes a gigabyte for some minutes. */
    public static RepositoryBench measure(FarmRun.Places places, Progress progress) {
        return places.guard(() -> {
            try (Scratch scratch = Scratch.in(places.cache())) {
                return new Yard(scratch.folder(), progress).measure();
            }
        });
    }

    /** Adds packages to both repositories: what the child process does. */
    private static void publish(Path repositories, SigningKey key, List<Path> packages, Duration superseded)
            throws IOException {
        RepositorySettings settings =
                new RepositorySettings(URI.create("http://127.0.0.1:8600"), Duration.ofDays(90), superseded);
        Repository apt = new AptRepository(repositories.resolve("apt"), key, settings);
        Repository dnf = new DnfRepository(repositories.resolve("dnf"), key, settings);
        Repositories.publish(apt, ending(packages, ".deb"), dnf, ending(packages, ".rpm"), CHANNEL);
    }

    private static List<Path> ending(List<Path> packages, String end) {
        return packages.stream().filter(file -> file.toString().endsWith(end)).toList();
    }

    /**
     * The program that is measured.
     *
     * @param words the folder of the repositories, the key's file, the packages
     */
    public static void main(String... words) throws IOException {
        publish(
                Path.of(words[0]),
                SigningKey.read(Path.of(words[1])),
                Stream.of(words).skip(2).map(Path::of).toList(),
                Duration.ofHours(50));
    }

    /** The place where it is measured. */
    private static final class Yard {
        private final Path folder;
        private final Progress progress;
        private final Path keyFile;
        private final Path headers;
        private final Path emptyHeaders;
        private final Path modules;
        private final Path gnupg;
        private SigningKey key;

        Yard(Path folder, Progress progress) {
            this.folder = folder;
            this.progress = progress;
            this.keyFile = folder.resolve("key.asc");
            this.headers = folder.resolve("headers");
            this.emptyHeaders = folder.resolve("empty-headers");
            this.modules = folder.resolve("modules");
            this.gnupg = folder.resolve("gnupg");
        }

        RepositoryBench measure() throws IOException {
            key = SigningKey.readOrCreate(keyFile, "Kernel Farm <kernel-farm@localhost>");
            makeTrees();
            List<Grown> grown = new ArrayList<>();
            double apt = 0;
            double dnf = 0;
            int kernels = 0;
            Theirs theirs = new Theirs();
            for (int size : SIZES) {
                List<Path> old = new ArrayList<>();
                for (; kernels * PACKAGES_OF_A_KERNEL < size; kernels++) {
                    progress.at(-1, "making package " + kernels * PACKAGES_OF_A_KERNEL + " of " + size);
                    old.addAll(oldKernel(kernels));
                }
                progress.note("publishing up to " + kernels * PACKAGES_OF_A_KERNEL + " packages");
                publish(folder.resolve("ours"), key, old, Duration.ZERO);
                if (size <= COMPARED) {
                    theirs.keep(old);
                }
                List<Path> first = newKernel(kernels);
                List<Path> second = newKernel(kernels + 1);
                double program = seconds(() -> program(first));
                double call = seconds(() -> {
                    publish(folder.resolve("ours"), key, second, Duration.ZERO);
                    return null;
                });
                Grown one = new Grown(kernels * PACKAGES_OF_A_KERNEL, program, call, indexBytes());
                grown.add(one);
                progress.note(one.toString());
                if (size == COMPARED) {
                    progress.note("the same with apt-ftparchive and createrepo_c");
                    theirs.prepare();
                    apt = seconds(() -> theirs.apt(first));
                    dnf = seconds(() -> theirs.dnf(first));
                }
                kernels += 2;
            }
            Grown compared = grown.get(SIZES.indexOf(COMPARED));
            return new RepositoryBench(
                    compared.packages(),
                    Runtime.getRuntime().availableProcessors(),
                    grown,
                    apt,
                    dnf,
                    (apt + dnf) / compared.program(),
                    (apt + dnf) / compared.call());
        }

        private static double seconds(FileWork<Void> work) throws IOException {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e9;
        }

        private void makeTrees() throws IOException {
            Random random = new Random(1);
            byte[] text = new byte[1500];
            for (int i = 0; i < HEADERS; i++) {
                String name = "include/part%02d/group%02d/what_%s_is_%d.h"
                        .formatted(i % 37, i % 61, Integer.toString(random.nextInt(1 << 20), 36), i);
                random.nextBytes(text);
                write(headers.resolve(name), text);
                write(emptyHeaders.resolve(name), new byte[0]);
            }
            for (int i = 0; i < MODULES; i++) {
                write(modules.resolve("kernel/drivers/part%d/module_%d.ko".formatted(i % 7, i)), text);
            }
            for (String list : List.of("modules.order", "modules.builtin", "modules.builtin.modinfo")) {
                Files.writeString(modules.resolve(list), "");
            }
            Files.writeString(folder.resolve("config"), "CONFIG_XEN=y\n");
        }

        private static void write(Path file, byte[] content) throws IOException {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }

        /** The kernels that are there before: as many files, but of little content, which nobody reads again. */
        private List<Path> oldKernel(int number) throws IOException {
            return kernel(number, SMALL_IMAGE_SIZE, emptyHeaders);
        }

        private List<Path> newKernel(int number) throws IOException {
            return kernel(number, IMAGE_SIZE, headers);
        }

        private List<Path> kernel(int number, int imageSize, Path headerTree) throws IOException {
            byte[] noise = new byte[imageSize];
            new Random(number).nextBytes(noise);
            Path image = Files.write(folder.resolve("bzImage"), noise);
            KernelFiles files = new KernelFiles(
                    "6.1." + number + "-farm1",
                    "6.1." + number,
                    "1",
                    Architecture.AMD64,
                    image,
                    folder.resolve("config"),
                    folder.resolve("config"),
                    modules,
                    Optional.of(headerTree),
                    Optional.empty(),
                    Instant.EPOCH,
                    "a sample",
                    "Kernel Farm <kernel-farm@localhost>");
            List<Path> written = new ArrayList<>();
            written.addAll(write(new DebWriter(Compression.DEFAULT), KernelPackages.debs(files)));
            written.addAll(write(new RpmWriter(Compression.DEFAULT), KernelPackages.rpms(files)));
            return written;
        }

        private List<Path> write(PackageWriter writer, List<PackageSpec> specs) throws IOException {
            Path given = Files.createDirectories(folder.resolve("given"));
            List<Path> written = new ArrayList<>();
            for (PackageSpec spec : specs) {
                written.add(writer.writeInto(spec, given));
            }
            return written;
        }

        private Void program(List<Path> packages) throws IOException {
            OwnJava.program(RepositoryBench.class)
                    .and(folder.resolve("ours").toString(), keyFile.toString())
                    .and(packages.stream().map(Path::toString).toArray(String[]::new))
                    .output();
            return null;
        }

        private long indexBytes() throws IOException {
            long bytes = 0;
            for (String channel : List.of("apt/dists/" + CHANNEL, "dnf/" + CHANNEL)) {
                Path state = folder.resolve("ours").resolve(channel).toRealPath();
                try (Stream<Path> files = Files.walk(state)) {
                    for (Path file : files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("/by-hash/"))
                            .toList()) {
                        bytes += Files.size(file);
                    }
                }
            }
            return bytes;
        }

        /** The programs that distributions have for it, used as their manuals say. */
        private final class Theirs {
            private final Path apt = folder.resolve("theirs/apt");
            private final Path dnf = folder.resolve("theirs/dnf");

            void keep(List<Path> packages) throws IOException {
                for (Path file : packages) {
                    Path place = (file.toString().endsWith(".deb") ? apt.resolve("pool") : dnf)
                            .resolve(file.getFileName().toString());
                    Files.createDirectories(place.getParent());
                    Files.copy(file, place, StandardCopyOption.REPLACE_EXISTING);
                }
            }

            /** The key for gpg, and repositories of what is there, with everything cached that can be. */
            void prepare() throws IOException {
                Files.createDirectory(
                        gnupg, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Command.of("gpg", "--batch", "--homedir", gnupg.toString(), "--import", keyFile.toString())
                        .output();
                Files.createDirectories(apt.resolve("dists/testing/main/binary-amd64"));
                index();
                lists("createrepo_c", "--quiet", "--no-database", dnf.toString());
            }

            Void apt(List<Path> packages) throws IOException {
                keep(ending(packages, ".deb"));
                index();
                return null;
            }

            private void index() throws IOException {
                shell(apt, """
                        set -e
                        apt-ftparchive --db ../cache.db packages pool > dists/testing/main/binary-amd64/Packages
                        xz -kf dists/testing/main/binary-amd64/Packages
                        zstd -qf dists/testing/main/binary-amd64/Packages
                        rm -f dists/testing/Release dists/testing/InRelease dists/testing/Release.gpg
                        apt-ftparchive release dists/testing > Release
                        mv Release dists/testing
                        gpg --batch --clearsign --output dists/testing/InRelease dists/testing/Release
                        gpg --batch --armor --detach-sign --output dists/testing/Release.gpg dists/testing/Release
                        """);
            }

            Void dnf(List<Path> packages) throws IOException {
                List<Path> rpms = ending(packages, ".rpm");
                keep(rpms);
                // rpm on Debian looks for gpg where Red Hat has it.
                Command sign = Command.of(
                        "sh",
                        "-c",
                        "exec rpmsign --define \"__gpg $(command -v gpg)\" --define \"_gpg_name $0\" --addsign \"$@\"",
                        key.fingerprint());
                for (Path rpm : rpms) {
                    sign = sign.and(dnf.resolve(rpm.getFileName().toString()).toString());
                }
                sign.with("GNUPGHOME", gnupg.toString()).output();
                lists("createrepo_c", "--quiet", "--no-database", "--update", dnf.toString());
                return null;
            }

            private void lists(String... words) throws IOException {
                Command.of(words).output();
                shell(dnf, "gpg --batch --yes --armor --detach-sign repodata/repomd.xml");
            }

            private void shell(Path where, String script) throws IOException {
                Command.of("sh", "-c", script)
                        .in(where)
                        .with("GNUPGHOME", gnupg.toString())
                        .output();
            }
        }
    }
}
