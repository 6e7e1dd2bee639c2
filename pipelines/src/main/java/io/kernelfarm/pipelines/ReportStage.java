package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Architecture;
import io.kernelfarm.artifacts.apt.AptLayout;
import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.artifacts.provenance.ProvenanceFiles;
import io.kernelfarm.artifacts.provenance.ProvenanceLayout;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.dashboard.Dashboard;
import io.kernelfarm.bootmatrix.dashboard.DashboardRun;
import io.kernelfarm.bootmatrix.dashboard.RunSource;
import io.kernelfarm.bootmatrix.report.JunitXml;
import io.kernelfarm.bootmatrix.report.KcidbJson;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import io.kernelfarm.configs.DotConfig;
import io.kernelfarm.configs.OptionOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what people and CI servers read: {@code junit.xml} and {@code kcidb.json} of a run, and the dashboard over all of them. */
public final class ReportStage {

    private ReportStage() {}

    /** Reports {@code run}'s matrix, and writes the dashboard anew. */
    static void run(RunLayout run, OutLayout out) throws IOException {
        if (Files.isRegularFile(run.matrix())) {
            MatrixResult matrix = MatrixJson.read(run.matrix());
            JunitXml.write(matrix, run.junit());
            Build build = Build.read(run.build());
            KcidbJson.write(
                    matrix,
                    new KcidbJson.Origin(run.id(), build.arch(), build.compiler(), build.profile(), build.seconds()),
                    run.kcidb());
        }
        writeDashboard(out, run.id());
    }

    /**
     * Writes the dashboard over all runs there are.
     *
     * @return its first page
     */
    public static Path dashboard(FarmRun.Places places) {
        return places.guard(() -> {
            writeDashboard(places.out());
            return places.out().dashboard().home();
        });
    }

    static void writeDashboard(OutLayout out) throws IOException {
        writeDashboard(out, "");
    }

    /** @param ending the run that this is the last stage of */
    private static void writeDashboard(OutLayout out, String ending) throws IOException {
        List<RunSource> runs = new ArrayList<>();
        Map<String, Set<String>> channels = channels(out);
        Map<String, List<Promotion>> promotions =
                new Promotions(out).all().stream().collect(Collectors.groupingBy(Promotion::run));
        String farm = FarmVersion.build();
        for (RunLayout run : out.all()) {
            List<Promotion> decisions = promotions.getOrDefault(run.id(), List.of());
            Optional<Publication> publication = publication(run);
            runs.add(new RunSource(
                    run.id(),
                    fingerprint(farm, run, out, having(publication, channels), decisions),
                    () -> dashboardRun(run, out, channels, decisions)));
        }
        Files.createDirectories(out.dashboard().root());
        new Dashboard(out.dashboard()).update(runs, ending);
    }

    /**
     * All that a run's pages hang on: files by their sizes and times, for they are replaced and never written into. Whatever
     * {@link #dashboardRun} looks at has to be here.
     *
     * @param channels that have the run's packages
     */
    private static String fingerprint(
            String farm, RunLayout run, OutLayout out, Set<String> channels, List<Promotion> promotions)
            throws IOException {
        ProvenanceLayout provenance = out.provenance(run.id());
        StringBuilder inputs = new StringBuilder(farm);
        for (Path file : List.of(
                run.record(),
                run.matrix(),
                run.consoles(),
                run.publication(),
                run.packages(),
                run.build().record(),
                run.dotConfig(),
                run.origins(),
                provenance.statement(),
                provenance.sbom())) {
            inputs.append('\n').append(state(file));
        }
        return Sha256.of(inputs.append('\n')
                .append(channels)
                .append('\n')
                .append(promotions)
                .toString());
    }

    private static String state(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return is.size() + " " + is.lastModifiedTime().toInstant();
        } catch (NoSuchFileException e) {
            return "none";
        }
    }

    private static DashboardRun dashboardRun(
            RunLayout layout, OutLayout out, Map<String, Set<String>> channels, List<Promotion> promotions)
            throws IOException {
        RunRecord run = Json.read(layout.record(), RunRecord.class);
        Optional<MatrixResult> matrix =
                Files.isRegularFile(layout.matrix()) ? Optional.of(MatrixJson.read(layout.matrix())) : Optional.empty();
        return new DashboardRun(
                run.id(),
                layout.boot(),
                run.started(),
                matrix,
                matrix.isPresent() ? "" : note(run),
                packages(layout, out, channels(layout, run, channels)),
                published(layout) ? snippets(layout, best(layout, run, channels)) : List.of(),
                run.stages().stream()
                        .map(stage -> new DashboardRun.StageTime(stage.stage().id(), stage.seconds()))
                        .toList(),
                provenance(run, out),
                channels(layout, run, channels),
                promotions.stream().map(ReportStage::promotion).toList(),
                build(layout));
    }

    private static Optional<DashboardRun.Build> build(RunLayout layout) throws IOException {
        if (!Files.isRegularFile(layout.build().record()) || !Files.isRegularFile(layout.dotConfig())) {
            return Optional.empty();
        }
        Build build = Build.read(layout.build());
        return Optional.of(new DashboardRun.Build(
                build.release(),
                build.source(),
                build.profile(),
                build.compiler(),
                build.linker(),
                build.seconds(),
                build.cacheHits(),
                build.cacheMisses(),
                layout.dotConfig(),
                () -> options(layout)));
    }

    /** The options that are set, and those that were asked for, with who asked. */
    private static List<DashboardRun.Option> options(RunLayout layout) throws IOException {
        DotConfig config = DotConfig.read(layout.dotConfig());
        Map<String, OptionOrigin> origins =
                Files.isRegularFile(layout.origins()) ? ConfigureStage.origins(layout) : Map.of();
        SortedSet<String> names = new TreeSet<>(config.values().keySet());
        names.addAll(origins.keySet());
        return names.stream()
                .map(name -> new DashboardRun.Option(
                        name,
                        config.value(name),
                        Optional.ofNullable(origins.get(name))
                                .map(OptionOrigin::why)
                                .orElse("")))
                .toList();
    }

    static DashboardRun.Promotion promotion(Promotion one) {
        boolean promoted = one.action() == Promotion.Action.PROMOTE;
        long passed = one.evidence().verdicts().values().stream()
                .filter(verdict -> verdict == Verdict.PASS)
                .count();
        return new DashboardRun.Promotion(
                one.at(),
                promoted ? "promoted to " + one.to() : "taken out of " + one.to(),
                one.by(),
                promoted ? passed + " passed cells" : "undoes the promotion",
                one.evidence().matrixSha256());
    }

    private static Optional<DashboardRun.Provenance> provenance(RunRecord run, OutLayout out) throws IOException {
        ProvenanceLayout layout = out.provenance(run.id());
        if (!Files.isRegularFile(layout.statement())) {
            return Optional.empty();
        }
        ProvenanceFiles.Summary summary = ProvenanceFiles.read(layout);
        return Optional.of(new DashboardRun.Provenance(
                summary.source(),
                summary.sourceSha256(),
                summary.configurationSha256(),
                summary.builder(),
                summary.fingerprint(),
                List.of(
                        layout.statement(),
                        layout.sbom(),
                        layout.sbomSignature(),
                        out.publicKey(),
                        out.publicKeyPem())));
    }

    /**
     * A channel of the repositories.
     *
     * @param packages how many debs it has
     * @param url of the repositories, as its clients are told
     */
    public record Channel(String name, int packages, String url) {}

    /** All channels, by their names. */
    public static List<Channel> channels(FarmRun.Places places) {
        return places.guard(() -> {
            List<Channel> all = new ArrayList<>();
            for (Map.Entry<String, Set<String>> one : channels(places.out()).entrySet()) {
                Path sources = places.out().repository().resolve("kernel-farm-" + one.getKey() + ".sources");
                try (Stream<String> lines = Files.lines(sources)) {
                    String url = lines.filter(line -> line.startsWith("URIs: "))
                            .map(line -> line.substring("URIs: ".length()).replaceFirst("/apt$", ""))
                            .findFirst()
                            .orElse("");
                    all.add(new Channel(one.getKey(), one.getValue().size(), url));
                }
            }
            return all;
        });
    }

    /** The digests of the packages that each channel has. */
    static SortedMap<String, Set<String>> channels(OutLayout out) throws IOException {
        AptLayout apt = new AptLayout(out.aptRepository());
        SortedMap<String, Set<String>> channels = new TreeMap<>();
        if (Files.isDirectory(apt.channels())) {
            try (Stream<Path> all = Files.list(apt.channels())) {
                for (Path channel : all.toList()) {
                    String name = channel.getFileName().toString();
                    for (Architecture architecture : Architecture.values()) {
                        Path packages = apt.packages(name, architecture.deb());
                        if (Files.isRegularFile(packages)) {
                            channels.computeIfAbsent(name, any -> new TreeSet<>())
                                    .addAll(digests(packages));
                        }
                    }
                }
            }
        }
        return channels;
    }

    private static Set<String> digests(Path packages) throws IOException {
        try (Stream<String> lines = Files.lines(packages)) {
            return lines.filter(line -> line.startsWith("SHA256: "))
                    .map(line -> line.substring("SHA256: ".length()))
                    .collect(Collectors.toSet());
        }
    }

    /** The channels that have all of the run's debs, the one that every build goes to first. */
    private static List<String> channels(RunLayout layout, RunRecord run, Map<String, Set<String>> channels)
            throws IOException {
        return having(publication(layout), channels).stream()
                .sorted(Comparator.comparing(
                        (String channel) -> !channel.equals(run.spec().channel())))
                .toList();
    }

    static Set<String> having(Optional<Publication> publication, Map<String, Set<String>> channels) {
        if (publication.isEmpty()) {
            return Set.of();
        }
        List<String> debs = publication.get().packages().stream()
                .filter(Publication.Item::isDeb)
                .map(Publication.Item::sha256)
                .toList();
        return channels.entrySet().stream()
                .filter(channel -> channel.getValue().containsAll(debs))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Optional<Publication> publication(RunLayout run) throws IOException {
        return published(run) ? Optional.of(Publication.read(run)) : Optional.empty();
    }

    /** Why there is no matrix. */
    private static String note(RunRecord run) {
        if (run.state() == RunRecord.State.INTERRUPTED) {
            return "The run was interrupted.";
        }
        return run.stages().stream()
                .filter(stage -> !stage.reason().isEmpty())
                .findFirst()
                .map(stage -> stage.stage() + ": " + stage.reason())
                .orElse("");
    }

    /** The run's packages as they were published and signed; before that, or after they were removed, as they were made. */
    private static List<DashboardRun.PackageFile> packages(RunLayout layout, OutLayout out, List<String> channels)
            throws IOException {
        List<DashboardRun.PackageFile> packages = new ArrayList<>();
        if (published(layout)) {
            for (Publication.Item item : Publication.read(layout).packages()) {
                Path file = out.root().resolve(item.path());
                if (Files.isRegularFile(file)) {
                    packages.add(new DashboardRun.PackageFile(
                            file, Files.size(file), item.sha256(), signature(item, file, out, channels)));
                }
            }
        }
        if (packages.isEmpty() && Files.isDirectory(layout.packages())) {
            try (Stream<Path> files = Files.list(layout.packages())) {
                for (Path file : files.sorted().toList()) {
                    packages.add(
                            new DashboardRun.PackageFile(file, Files.size(file), Sha256.of(file), Optional.empty()));
                }
            }
        }
        return packages;
    }

    /** An rpm carries its signature; a deb has none, and is vouched for by the channels whose signed index has its digest. */
    private static Optional<DashboardRun.Signature> signature(
            Publication.Item item, Path file, OutLayout out, List<String> channels) {
        if (!item.isDeb()) {
            return Optional.of(new DashboardRun.Signature("its own header", file, out.publicKey()));
        }
        AptLayout apt = new AptLayout(out.aptRepository());
        return channels.stream()
                .findFirst()
                .map(channel -> new DashboardRun.Signature(
                        "InRelease of " + channel, apt.signedRelease(channel), out.publicKey()));
    }

    /** Whether the run has published packages, and nobody withdrew them. */
    public static boolean published(RunLayout run) {
        return Files.isRegularFile(run.publication());
    }

    /** How to install the run's kernel from {@code channel}. */
    public static List<DashboardRun.Snippet> install(RunLayout layout, String channel, OutLayout out) {
        try {
            return snippets(layout, channel);
        } catch (IOException e) {
            throw Disk.explain(e, List.of(out.root()));
        }
    }

    private static List<DashboardRun.Snippet> snippets(RunLayout layout, String channel) throws IOException {
        Spec.Repository repository =
                Json.read(layout.record(), RunRecord.class).spec().repository();
        String url = repository.url();
        String first = repository.isServedByTheFarm() ? "# while './farm serve' runs on this machine:\n" : "";
        String file = "kernel-farm-" + channel;
        return List.of(
                new DashboardRun.Snippet(
                        "Debian, Ubuntu (apt)",
                        first + "curl -fsS " + url + "/" + file + ".sources |\n  sudo tee /etc/apt/sources.list.d/"
                                + file
                                + ".sources\n" + "sudo apt update && sudo apt install "
                                + KernelPackages.debImagePackage(
                                        Build.read(layout.build()).release()) + "\n"),
                new DashboardRun.Snippet(
                        "Fedora, RHEL (dnf)",
                        first + "curl -fsS " + url + "/" + file + ".repo |\n  sudo tee /etc/yum.repos.d/" + file
                                + ".repo\n" + "sudo dnf install " + rpm(layout) + "\n"));
    }

    /** The channel that people are told of: one that the kernel was promoted to, if there is any. */
    private static String best(RunLayout layout, RunRecord run, Map<String, Set<String>> channels) throws IOException {
        List<String> all = channels(layout, run, channels);
        return all.isEmpty() ? run.spec().channel() : all.get(all.size() - 1);
    }

    /** What to ask dnf for: the package that brings all others, or the one with the image. */
    static String rpm(RunLayout layout) throws IOException {
        return Publication.read(layout).packages().stream()
                .map(Publication.Item::fileName)
                .filter(name -> name.matches("kernel-(core-)?[0-9].*\\.rpm"))
                .max(Comparator.comparing(name -> !name.startsWith("kernel-core-")))
                .map(name -> name.replaceFirst("\\.[^.]*\\.rpm$", ""))
                .orElse(KernelPackages.RPM_IMAGE_PACKAGE);
    }
}
