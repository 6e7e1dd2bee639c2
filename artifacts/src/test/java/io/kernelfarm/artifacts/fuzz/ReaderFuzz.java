package io.kernelfarm.artifacts.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.PackageReader;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.PackageWriter;
import io.kernelfarm.artifacts.ReadLimits;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.deb.DebTargets;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.repository.PackageReaders;
import io.kernelfarm.artifacts.rpm.RpmTargets;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import io.kernelfarm.artifacts.unpack.PackageStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program of its own, because its memory is limited: gives each reader broken bytes, the same ones for the same seed. An input
 * may be read or refused with {@link PackageFormatException}; anything else ends the program with that input kept in a file.
 */
public final class ReaderFuzz {
    /** On a machine that does other things as well; an input that is read takes some milliseconds. */
    private static final long HANG_SECONDS = 30;

    /** Of each input; a decoder that goes on to the gigabytes that a header announces would not end in time. */
    private static final ReadLimits LIMITS = new ReadLimits(16 << 20, 1000);

    private static final String SENTINEL = "outside of the target";

    private final Path directory;
    private final Path jail;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "reader");
        thread.setDaemon(true);
        return thread;
    });

    private ReaderFuzz(Path directory) throws IOException {
        this.directory = directory;
        this.jail = Files.createDirectories(directory.resolve("jail"));
        Files.writeString(directory.resolve("sentinel"), SENTINEL);
    }

    /** Runs in {@code DIRECTORY} with {@code SEED}, {@code ROUNDS} inputs for each reader. */
    public static void main(String... words) throws IOException {
        ReaderFuzz fuzz = new ReaderFuzz(Path.of(words[0]));
        long seed = Long.parseLong(words[1]);
        int rounds = Integer.parseInt(words[2]);
        for (Target target : fuzz.targets()) {
            long start = System.nanoTime();
            long refused = fuzz.run(target, new Random(seed), rounds);
            System.out.printf(
                    "%s: %d inputs, %d refused, %d ms%n",
                    target.name(), rounds, refused, (System.nanoTime() - start) / 1_000_000);
        }
        System.out.println(Files.readString(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow());
    }

    private long run(Target target, Random random, int rounds) throws IOException {
        long refused = 0;
        for (byte[] sample : target.samples()) {
            isRefused(target, sample);
        }
        for (int round = 0; round < rounds; round++) {
            byte[] input = Mutations.of(target.samples(), random);
            refused += isRefused(target, input) ? 1 : 0;
        }
        return refused;
    }

    private boolean isRefused(Target target, byte[] input) throws IOException {
        Future<Boolean> outcome = worker.submit(() -> {
            try {
                target.reader().read(input);
                return false;
            } catch (PackageFormatException e) {
                return true;
            }
        });
        try {
            boolean refused = outcome.get(HANG_SECONDS, TimeUnit.SECONDS);
            checkNothingOutside(refused);
            return refused;
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            Path kept =
                    Files.write(Files.createTempFile("fuzz-" + target.name().replace(' ', '-') + "-", ".bin"), input);
            throw new AssertionError(target.name() + " does not survive " + kept, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Also of links that lead out there must be none. */
    private void checkNothingOutside(boolean refused) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                if (!List.of("jail", "sentinel", "fuzzed.deb", "fuzzed.rpm", "fuzzed")
                        .contains(path.getFileName().toString())) {
                    throw new IllegalStateException(path + " was written");
                }
            }
        }
        if (!Files.readString(directory.resolve("sentinel")).equals(SENTINEL)) {
            throw new IllegalStateException("a file outside of the target was changed");
        }
        try (Stream<Path> all = Files.walk(jail)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (path.equals(jail)) {
                    continue;
                }
                if (refused || !path.startsWith(jail.resolve("target"))) {
                    throw new IllegalStateException(path + " was left behind");
                }
                if (Files.isSymbolicLink(path)
                        && Files.exists(path)
                        && !path.toRealPath().startsWith(jail.toRealPath())) {
                    throw new IllegalStateException(path + " leads out");
                }
            }
        }
        deleteTarget();
    }

    private void deleteTarget() throws IOException {
        Path target = jail.resolve("target");
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> all = Files.walk(target)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private List<Target> targets() throws IOException {
        List<Target> targets = new ArrayList<>();
        for (Compression.Algorithm algorithm : Compression.Algorithm.values()) {
            targets.add(stream(algorithm));
        }
        targets.addAll(DebTargets.all(directory, LIMITS));
        targets.addAll(RpmTargets.all(directory, LIMITS));
        for (Compression.Algorithm algorithm : Compression.Algorithm.values()) {
            Compression compression = new Compression(algorithm, 1);
            targets.add(packages("deb", algorithm, new DebWriter(compression)));
            targets.add(packages("rpm", algorithm, new RpmWriter(compression)));
        }
        return targets;
    }

    private Target stream(Compression.Algorithm algorithm) throws IOException {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        List<byte[]> samples = new ArrayList<>();
        for (byte[] content : List.of("text\n".repeat(300).getBytes(UTF_8), noise, new byte[3 << 20], new byte[0])) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = new Compression(algorithm, 1).compress(bytes)) {
                out.write(content);
            }
            samples.add(bytes.toByteArray());
        }
        Path file = directory.resolve("fuzzed");
        return new Target(algorithm.program(), samples, bytes -> {
            try (PackageStream plain = PackageStream.open(
                    file, LIMITS.unpackedBytes(), () -> algorithm.decompress(new ByteArrayInputStream(bytes)))) {
                plain.transferTo(OutputStream.nullOutputStream());
            }
        });
    }

    private Target packages(String kind, Compression.Algorithm algorithm, PackageWriter writer) throws IOException {
        PackageSpec spec = Samples.small(directory.resolve("fuzzed"));
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        writer.write(spec, sample);
        String name = kind + " of " + algorithm.program();
        return new Target(name, List.of(sample.toByteArray()), bytes -> {
            Path file = Files.write(directory.resolve("fuzzed"), bytes);
            PackageReader reader = PackageReaders.of(file);
            reader.metadata(file);
            reader.entries(file);
            reader.extract(file, jail.resolve("target"));
        });
    }
}
