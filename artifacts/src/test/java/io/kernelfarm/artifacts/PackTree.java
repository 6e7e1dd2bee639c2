package io.kernelfarm.artifacts;

import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program of its own, to be started with other limits than those of the tests: packs the files of a directory. */
public final class PackTree {
    private PackTree() {}

    /** Packs {@code directory} into {@code out}: {@code deb|rpm ALGORITHM LEVEL DIRECTORY OUT}. */
    public static void main(String... words) throws IOException {
        Compression compression = new Compression(Compression.Algorithm.valueOf(words[1]), Integer.parseInt(words[2]));
        PackageWriter writer = words[0].equals("deb") ? new DebWriter(compression) : new RpmWriter(compression);
        System.out.println(writer.writeInto(spec(Path.of(words[3])), Path.of(words[4])));
    }

    public static PackageSpec spec(Path directory) throws IOException {
        List<PackageEntry> entries = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.filter(Files::isRegularFile)
                    .forEach(file -> entries.add(
                            new PackageEntry.File(new InstallPath("/opt/" + directory.relativize(file)), file, 0644)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Samples.of("tree", "1", entries);
    }

    /** Starts it in a Java of its own and returns the package. */
    public static Path in(List<String> javaOptions, String format, Compression compression, Path directory, Path out) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PackTree.class.getName(),
                format,
                compression.algorithm().name(),
                Integer.toString(compression.level()),
                directory.toString(),
                out.toString()));
        return Path.of(Tools.must(command.toArray(String[]::new)).strip());
    }
}
