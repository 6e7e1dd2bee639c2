package io.kernelfarm.pipelines;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.kernelfarm.artifacts.Compression;
import io.kernelfarm.artifacts.Compression.Algorithm;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.pipelines.builder.Target;
import io.kernelfarm.pipelines.source.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code kernel.yaml}: what to build, how to package it, where to boot it, and which channel it goes to. What is left
 * out has the value given here as a default.
 *
 * @param source where the kernel's source comes from
 * @param arch what it is built for, as the kernel's {@code ARCH}: {@code x86_64}, the default, or {@code arm64}
 * @param localversion appended to the kernel's version to make its release, for example {@code -farm1}
 * @param profile name of the profile in configs/ that the configuration starts from
 * @param options options of the kernel on top of the profile, without {@code CONFIG_}, for example {@code HZ: 250}
 * @param compile how long compiling may take
 * @param packages how packages are written
 * @param boot what is booted, and how
 * @param channel the repositories' channel that every build goes to; {@code testing} by default
 * @param promote the channel that a run which proved every cell goes to as well, for example {@code stable}; null, the
 *     default, leaves that to {@code farm promote}
 * @param keep how many releases each channel keeps, the newest ones; a channel that is not named keeps all
 * @param repository how clients find the repositories
 */
public record Spec(
        Source source,
        Target arch,
        String localversion,
        String profile,
        SortedMap<String, String> options,
        Compile compile,
        Packages packages,
        Boot boot,
        String channel,
        String promote,
        SortedMap<String, Integer> keep,
        Repository repository) {

    private static final String CHANNEL = "[a-z][a-z0-9-]{0,30}";

    public Spec {
        require(source != null, "'source' is missing; for example 'source: {debian: linux-source-6.1}'");
        require(profile != null, "'profile' is missing; for example 'profile: quick'");
        arch = arch == null ? Target.X86_64 : arch;
        localversion = localversion == null ? "-farm1" : localversion;
        require(
                localversion.matches("-[a-z0-9][a-z0-9.+-]{0,39}"),
                "localversion '" + localversion
                        + "' is not a hyphen and up to 40 of a-z 0-9 . + - (it becomes part of package names)");
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options == null ? Map.of() : options));
        options.forEach((name, value) -> require(
                value != null && !value.isEmpty(),
                "option '" + name + "' has no value; give it y, m, n, a number or a text"));
        compile = compile == null ? new Compile(null) : compile;
        packages = packages == null ? new Packages(null, null, null, null) : packages;
        boot = boot == null ? new Boot(null, null, null, null, null, null) : boot;
        channel = channel == null ? "testing" : channel;
        requireChannel(channel);
        if (promote != null) {
            requireChannel(promote);
            require(!promote.equals(channel), "'promote' is '" + promote + "', the channel that every build goes to");
        }
        keep = Collections.unmodifiableSortedMap(new TreeMap<>(keep == null ? Map.of() : keep));
        keep.forEach((name, releases) -> {
            requireChannel(name);
            require(
                    releases != null && releases > 0,
                    "'keep." + name + "' is " + releases + "; a channel keeps at least 1 release");
        });
        repository = repository == null ? new Repository(null) : repository;
    }

    /** The same with other options on top of the profile. */
    Spec with(SortedMap<String, String> others) {
        return new Spec(
                source,
                arch,
                localversion,
                profile,
                others,
                compile,
                packages,
                boot,
                channel,
                promote,
                keep,
                repository);
    }

    /** What is booted of the kernel, without what makes no sense for its architecture. */
    MatrixSpec matrix() {
        return boot.asMatrix().on(arch);
    }

    private static void requireChannel(String name) {
        require(name.matches(CHANNEL), "channel '" + name + "' is not a name of a-z 0-9 - that starts with a letter");
    }

    /**
     * How clients find the repositories.
     *
     * @param url of what {@code farm serve} serves, or of a web server's copy of the folder {@code repository}, without a
     *     slash at its end; by default where {@code farm serve} is without further words
     */
    public record Repository(String url) {

        /** Where {@code farm serve} listens if nobody says otherwise. */
        public static final int PORT = 8600;

        private static final String OF_SERVE = "http://127.0.0.1:" + PORT;

        public Repository {
            url = url == null ? OF_SERVE : url.replaceFirst("/+$", "");
            require(
                    url.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._~/%+-]*)?"),
                    "'repository.url' is '" + url + "', which is not a URL such as https://kernels.example.org/farm");
        }

        /** Whether clients find it only while {@code farm serve} runs on their own machine. */
        boolean isServedByTheFarm() {
            return url.equals(OF_SERVE);
        }
    }

    /**
     * How long compiling may take.
     *
     * @param timeout in seconds; null, the default, is as long as it takes
     */
    public record Compile(Integer timeout) {
        public Compile {
            require(
                    timeout == null || timeout > 0,
                    "'compile.timeout' is " + timeout + "; a time-out is at least 1 second");
        }

        Optional<Duration> limit() {
            return Optional.ofNullable(timeout).map(Duration::ofSeconds);
        }
    }

    /**
     * How packages are written.
     *
     * @param compression of their contents, by its program's name: {@code zstd} (the default), {@code xz}, {@code gzip}
     * @param level as that program counts it; 3 for zstd and 6 for the others by default
     * @param maintainer {@code Name <address>} of who answers for the packages; by default an address that no mail reaches
     *     (RFC 2606)
     * @param revision which packaging of the source's version this is; by default that of the source
     */
    public record Packages(String compression, Integer level, String maintainer, String revision) {
        public Packages {
            maintainer = maintainer == null ? "Kernel Farm <kernel-farm@kernel-farm.invalid>" : maintainer.strip();
            require(
                    maintainer.matches("[^<>@,\\p{Cntrl}]*[^<>@,\\p{Cntrl} ] <[^<>@,\\s]+@[^<>@,\\s]+>"),
                    "'packages.maintainer' is '" + maintainer
                            + "', which is not a name and an address such as 'Ada Lovelace <ada@example.org>'");
            require(
                    revision == null || revision.matches("[0-9][A-Za-z0-9+.~]{0,39}"),
                    "'packages.revision' is '" + revision
                            + "', which is not a digit and up to 39 of a-z A-Z 0-9 + . ~");
            String name = compression == null ? Compression.DEFAULT.algorithm().program() : compression;
            Algorithm algorithm = Arrays.stream(Algorithm.values())
                    .filter(known -> known.program().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown compression '" + name + "'; there are "
                            + Arrays.stream(Algorithm.values())
                                    .map(Algorithm::program)
                                    .collect(Collectors.joining(", "))));
            compression = name;
            level = new Compression(algorithm, level == null ? (algorithm == Algorithm.ZSTD ? 3 : 6) : level).level();
        }

        Compression settings() {
            return Arrays.stream(Algorithm.values())
                    .filter(known -> known.program().equals(compression))
                    .findFirst()
                    .map(algorithm -> new Compression(algorithm, level))
                    .orElseThrow();
        }
    }

    /**
     * What is booted, and how: a few words for a matrix of one hypervisor, or a file with a larger one.
     *
     * @param modes in which the kernel has to prove itself; by default all that a PV dom0 and its guests can be
     * @param hypervisor for the modes that need one, for example {@code xen-4.17}
     * @param machine {@code qemu}, which is the default, or one of the list of machines
     * @param cmdline added to the command line of the kernel under test in every mode, and to no other's
     * @param timeouts how long to wait
     * @param matrix in the file, the name of the file that says all of these but {@code cmdline}; null if they are here
     */
    public record Boot(
            List<Mode> modes,
            String hypervisor,
            String machine,
            String cmdline,
            Timeouts timeouts,
            @JsonDeserialize(using = MatrixReference.class) MatrixSpec matrix) {

        /** A matrix of one hypervisor. */
        public Boot(List<Mode> modes, String hypervisor, String machine, String cmdline, Timeouts timeouts) {
            this(modes, hypervisor, machine, cmdline, timeouts, null);
        }

        public Boot {
            cmdline = cmdline == null ? "" : cmdline.strip();
            require(
                    cmdline.matches("[ -~&&[^\"]]*"),
                    "'boot.cmdline' has a double quote or a character beyond ASCII, which boot loaders and xl do not carry");
            if (matrix == null) {
                modes = modes == null ? MatrixSpec.USUAL_MODES : List.copyOf(modes);
                hypervisor = hypervisor == null ? "xen-4.17" : hypervisor;
                machine = machine == null ? "qemu" : machine;
                timeouts = timeouts == null ? new Timeouts(null, null, null) : timeouts;
                requireShort(modes, hypervisor, machine);
            } else {
                require(
                        modes == null && hypervisor == null && machine == null && timeouts == null,
                        "'boot.matrix' names a file, and modes, hypervisor, machine and timeouts belong into that");
            }
        }

        private static void requireShort(List<Mode> modes, String hypervisor, String machine) {
            require(!modes.isEmpty(), "'boot.modes' is empty; leave it out to boot in every mode");
            require(
                    modes.stream().distinct().count() == modes.size(),
                    "'boot.modes' names a mode twice: "
                            + modes.stream()
                                    .map(Mode::id)
                                    .reduce((a, b) -> a + ", " + b)
                                    .orElse(""));
            require(
                    hypervisor.matches("xen-[0-9]+\\.[0-9]+"),
                    "hypervisor '" + hypervisor + "' is not Xen of one version, such as xen-4.17");
            require(
                    machine.matches("[a-z][a-z0-9.-]{0,40}"),
                    "machine '" + machine + "' is not a name of a-z 0-9 . - such as qemu");
        }

        /** The matrix, whichever way it was given. */
        MatrixSpec asMatrix() {
            return matrix != null
                    ? matrix
                    : new MatrixSpec(
                            new MatrixSpec.Axes(modes, List.of(hypervisor), null, List.of(machine)),
                            null,
                            null,
                            null,
                            null,
                            null,
                            timeouts);
        }

        /** The same, but for what is booted. */
        Boot with(MatrixSpec other) {
            return new Boot(null, null, null, cmdline, null, other);
        }

        /** Reads the file that a spec names; a run's own record holds what was in it. */
        static final class MatrixReference extends JsonDeserializer<MatrixSpec> {
            @Override
            public MatrixSpec deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                if (parser.currentToken() == JsonToken.VALUE_STRING
                        && context.getAttribute(YamlFile.FOLDER) instanceof Path folder) {
                    return SpecReader.readMatrix(folder.resolve(parser.getText()));
                }
                return context.readValue(parser, MatrixSpec.class);
            }
        }
    }

    /**
     * How long to wait, in seconds.
     *
     * @param hypervisor from power on to the hypervisor's (or, without one, the kernel's) first line, and from the
     *     hypervisor's to dom0's
     * @param dom0 from power on to a dom0 that takes commands
     * @param cell from the start of the kernel under test to its last check
     */
    public record Timeouts(Integer hypervisor, Integer dom0, Integer cell) {
        public Timeouts {
            hypervisor = hypervisor == null ? 60 : hypervisor;
            dom0 = dom0 == null ? 180 : dom0;
            cell = cell == null ? 300 : cell;
            for (int seconds : List.of(hypervisor, dom0, cell)) {
                require(seconds > 0, "'boot.timeouts' has " + seconds + "; a time-out is at least 1 second");
            }
        }
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
