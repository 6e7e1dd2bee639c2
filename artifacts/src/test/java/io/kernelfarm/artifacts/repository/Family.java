package io.kernelfarm.artifacts.repository;

import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.PackageEntry;
import io.kernelfarm.artifacts.PackageSpec;
import io.kernelfarm.artifacts.Samples;
import io.kernelfarm.artifacts.apt.AptRepository;
import io.kernelfarm.artifacts.deb.DebWriter;
import io.kernelfarm.artifacts.dnf.DnfRepository;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.artifacts.rpm.RpmWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is the same for repositories of both families. */
public enum Family {
    APT("apt"),
    DNF("dnf");

    private final String directory;

    Family(String directory) {
        this.directory = directory;
    }

    public Path root(Path repositories) {
        return repositories.resolve(directory);
    }

    public Repository open(Path repositories, SigningKey key, RepositorySettings settings) {
        return this == APT
                ? new AptRepository(root(repositories), key, settings)
                : new DnfRepository(root(repositories), key, settings);
    }

    /** A small package whose content depends on {@code content}. */
    public Path write(Path directory, String name, String version, String content) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.writeString(directory.resolve("content"), content);
        PackageSpec spec = Samples.of(
                name,
                version,
                List.of(new PackageEntry.File(Samples.path("/opt/" + name + "-" + version), file, 0644)));
        return this == APT
                ? new DebWriter(Compression.DEFAULT).writeInto(spec, directory)
                : new RpmWriter(Compression.DEFAULT).writeInto(spec, directory);
    }
}
