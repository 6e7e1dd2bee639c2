package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.repository.ChannelName;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.machine.ssh.SshMachine;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings a kernel from the channel that takes every build to one for everybody, only with the matrix that proves it, and takes
 * it out again. Each decision is written down before the repositories are touched and again when both have followed; if a farm
 * is killed in between, the next decision first finishes that one.
 */
public final class Promoter {

    /** The only channel for kernels that were booted on a fake machine. Nothing in it is proved. */
    public static final String REHEARSAL = "rehearsal";

    private final RunLayout run;
    private final String to;
    private final String by;
    private final Terms terms;
    private final FarmRun.Places places;
    private final Progress progress;
    private final Promotions promotions;

    /**
     * @param to the channel
     * @param by who decides; one line of text
     * @throws FarmException wrong usage, if {@code to} is no channel or {@code by} no name
     */
    public Promoter(RunLayout run, String to, String by, Terms terms, FarmRun.Places places, Progress progress) {
        this.run = run;
        try {
            this.to = ChannelName.checked(to);
        } catch (IllegalArgumentException e) {
            throw FarmException.usage(e.getMessage(), e);
        }
        this.by = by.strip();
        if (this.by.isEmpty() || this.by.length() > 200 || this.by.chars().anyMatch(Character::isISOControl)) {
            throw FarmException.usage("'--by' is to say who decides, in one line of up to 200 characters");
        }
        this.terms = terms;
        this.places = places;
        this.progress = progress;
        this.promotions = new Promotions(places.out());
    }

    /** The user of this process and the machine's name, as {@code user@host}. */
    public static String self() {
        String host;
        try {
            host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            host = "localhost";
        }
        return System.getProperty("user.name") + "@" + host;
    }

    /**
     * What came of it.
     *
     * @param already whether it had been decided so before, and nothing was left to do
     */
    public record Outcome(Promotion promotion, boolean already) {}

    /**
     * Promotes the run's kernel.
     *
     * @throws FarmException the kernel's fault, if a required cell is not PASS, naming each; wrong usage, if the run has not
     *     been booted, its matrix is of another kernel or of a fake machine, or its packages are no longer in the channel that takes every build; the
     *     farm's fault, if what lies in a repository is not what was published
     */
    public Outcome promote() {
        return decide(repositories -> {
            Promotion promotion = proved(repositories);
            Optional<Promotion> standing = standing();
            if (standing.isPresent() && isThere(promotion, repositories)) {
                return new Outcome(standing.get(), true);
            }
            carryOut(promotion, repositories);
            repositories.retain(to, spec());
            return new Outcome(promotion, false);
        });
    }

    /**
     * Takes the run's kernel out of the channel again.
     *
     * @throws FarmException wrong usage, if it was not promoted
     */
    public Outcome undo() {
        return decide(repositories -> {
            Promotion standing = standing()
                    .orElseThrow(() -> FarmException.usage(
                            "run " + run.id() + " is not promoted to " + to + "; there is nothing to undo"));
            Promotion undone = standing.undone(by, now());
            carryOut(undone, repositories);
            return new Outcome(undone, false);
        });
    }

    @FunctionalInterface
    private interface Decision {
        Outcome make(Repositories repositories) throws IOException;
    }

    private Outcome decide(Decision decision) {
        return places.guard(() -> {
            Repositories repositories =
                    Repositories.of(places.out(), places.key().key(progress), spec());
            return FolderLock.holding(places.out().repository(), progress, () -> {
                Optional<Promotion> begun = promotions.begun();
                if (begun.isPresent()) {
                    goOn(begun.get(), repositories);
                }
                return decision.make(repositories);
            });
        });
    }

    /** Finishes what a farm that was killed began; what cannot be finished any more is taken back. */
    private void goOn(Promotion begun, Repositories repositories) throws IOException {
        boolean possible = true;
        for (boolean debs : new boolean[] {true, false}) {
            Set<String> had = repositories.had(debs, begun.from(), begun.sha256s(debs));
            had.addAll(repositories.had(debs, begun.to(), begun.sha256s(debs)));
            possible &= had.containsAll(begun.sha256s(debs));
        }
        boolean undo = begun.action() == Promotion.Action.PROMOTE && !possible;
        progress.note(
                (undo ? "taking back" : "finishing") + " what a farm that was killed began with run " + begun.run());
        carryOut(undo ? begun.undone(by, now()) : begun, repositories);
    }

    private static boolean isThere(Promotion promotion, Repositories repositories) throws IOException {
        boolean there = true;
        for (boolean debs : new boolean[] {true, false}) {
            List<String> wanted = promotion.sha256s(debs);
            there &= repositories.had(debs, promotion.to(), wanted).containsAll(wanted);
        }
        return there;
    }

    private Spec spec() throws IOException {
        return terms.over(Json.read(run.record(), RunRecord.class).spec());
    }

    private Optional<Promotion> standing() throws IOException {
        return promotions.standing(to).stream()
                .filter(one -> one.run().equals(run.id()))
                .findFirst();
    }

    /** Does what was decided, or the rest of it. */
    private void carryOut(Promotion promotion, Repositories repositories) throws IOException {
        promotions.begin(promotion);
        for (boolean debs : new boolean[] {true, false}) {
            List<String> sha256s = promotion.sha256s(debs);
            Set<String> had = repositories.had(debs, promotion.to(), sha256s);
            if (promotion.action() == Promotion.Action.UNDO) {
                had.removeAll(neededByOthers(promotion));
                if (!had.isEmpty()) {
                    repositories.of(debs).withdraw(had, promotion.to());
                }
            } else if (!had.containsAll(sha256s)) {
                repositories.of(debs).promote(sha256s, promotion.from(), promotion.to());
            }
        }
        repositories.describe(promotion.to());
        promotions.finish(promotion);
    }

    /** Two runs of the same build have the same packages. */
    private Set<String> neededByOthers(Promotion promotion) throws IOException {
        return promotions.standing(promotion.to()).stream()
                .filter(one -> !one.run().equals(promotion.run()))
                .flatMap(one -> one.packages().stream())
                .map(Publication.Item::sha256)
                .collect(Collectors.toSet());
    }

    /** The promotion that the run's matrix allows. */
    private Promotion proved(Repositories repositories) throws IOException {
        Publication publication = Publication.read(run);
        if (to.equals(publication.channel())) {
            throw FarmException.usage("channel " + to + " takes every build of this spec; name another one with --to");
        }
        Build build = Build.read(run.build());
        if (!Files.isRegularFile(run.matrix())) {
            throw FarmException.usage(
                    "run " + run.id() + " has not been booted; do it with './farm boot " + run.id() + "'");
        }
        String matrixSha256 = Sha256.of(run.matrix());
        MatrixResult matrix = MatrixJson.read(run.matrix());
        requireSameImage(build, matrix);
        requireNoFake(matrix);
        requirePass(build, matrix);
        requirePublished(publication, build, repositories);
        return new Promotion(
                Promotion.Action.PROMOTE,
                run.id(),
                build.release(),
                publication.channel(),
                to,
                by,
                now(),
                new Promotion.Evidence(matrixSha256, build.imageSha256(), verdicts(matrix)),
                publication.packages());
    }

    private void requireSameImage(Build build, MatrixResult matrix) {
        List<String> booted = new ArrayList<>(List.of(matrix.kernel().imageSha256()));
        matrix.cells().stream()
                .map(CellResult::imageSha256)
                .filter(image -> !image.isEmpty())
                .forEach(booted::add);
        for (String image : booted) {
            if (!image.equals(build.imageSha256())) {
                throw FarmException.usage("the matrix of run " + run.id() + " is of another kernel (image " + image
                        + ") than the one that was built (" + build.imageSha256() + "); boot it with './farm boot "
                        + run.id() + "'");
            }
        }
    }

    private void requireNoFake(MatrixResult matrix) {
        if (!mayCome(matrix, to)) {
            throw FarmException.usage("run " + run.id() + " is not promoted to " + to
                    + ": it was booted on a fake machine, which proves nothing; boot it on another one, or promote it to"
                    + " the channel " + REHEARSAL + ", where nothing is proved");
        }
    }

    /** Whether what {@code matrix} says is something that {@code channel} may rest on; a fake machine proves nothing. */
    static boolean mayCome(MatrixResult matrix, String channel) {
        return !matrix.isFake() || channel.equals(REHEARSAL);
    }

    private void requirePass(Build build, MatrixResult matrix) throws IOException {
        List<String> lacking = lacking(matrix, spec().matrix());
        if (!lacking.isEmpty()) {
            throw FarmException.kernel(build.release() + " of run " + run.id() + " is not promoted to " + to + ": "
                    + String.join("; ", lacking));
        }
    }

    /**
     * What {@code matrix} lacks to prove its kernel, a phrase for each cell; empty if it does. It has to have all that {@code asked} needs,
     * whatever was booted in place of that.
     */
    static List<String> lacking(MatrixResult matrix, MatrixSpec asked) {
        List<String> lacking = new ArrayList<>();
        for (CellResult cell : matrix.cells()) {
            if (isNeeded(cell) && cell.verdict() != Verdict.PASS) {
                lacking.add(cell.cell() + ": " + cell.verdict()
                        + (cell.reason().isEmpty() ? "" : " (" + cell.reason() + ")"));
            }
        }
        for (Cell cell : asked.cells()) {
            if (!cell.required()) {
                continue;
            }
            Optional<CellResult> result = matrix.cells().stream()
                    .filter(one -> one.cell().id().equals(cell.id()))
                    .findFirst();
            if (result.isEmpty()) {
                lacking.add(cell + ": " + Verdict.MISS + " (the spec asks for it, and the matrix has no such cell)");
            } else if (!isNeeded(result.get())
                    && result.get().verdict() != Verdict.PASS
                    && !isSenseless(result.get())) {
                lacking.add(cell + ": " + result.get().verdict()
                        + " (the spec asks for it, and another matrix was booted)");
            }
        }
        if (lacking.isEmpty() && matrix.cells().stream().noneMatch(Promoter::isNeeded)) {
            lacking.add("no required cell was booted");
        }
        return lacking;
    }

    private static boolean isNeeded(CellResult cell) {
        return cell.cell().required() && cell.verdict() != Verdict.SKIP;
    }

    /** A standing Xen host skips what cannot be booted there, and only the farm that booted knows that it is one. */
    private static boolean isSenseless(CellResult cell) {
        return cell.verdict() == Verdict.SKIP
                && !cell.cell().machine().equals(MachinesPlace.EMULATOR)
                && SshMachine.senseless(cell.cell().machine(), cell.cell().mode())
                        .isPresent();
    }

    private static Map<String, Verdict> verdicts(MatrixResult matrix) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        matrix.cells().stream()
                .filter(Promoter::isNeeded)
                .forEach(cell -> verdicts.put(cell.cell().id(), cell.verdict()));
        return verdicts;
    }

    /** What clients would get is what was booted: it lies in the channel, whole, with that image in it. */
    private void requirePublished(Publication publication, Build build, Repositories repositories) throws IOException {
        for (Publication.Item item : publication.packages()) {
            item.in(places.out(), run);
            if (repositories
                    .had(item.isDeb(), publication.channel(), List.of(item.sha256()))
                    .isEmpty()) {
                throw FarmException.usage("channel " + publication.channel() + " no longer has " + item.fileName()
                        + " of run " + run.id() + "; publish it again with './farm publish " + run.id() + "'");
            }
        }
        for (boolean deb : new boolean[] {true, false}) {
            Path file = publication.image(deb, build, places.out(), run);
            String image = PackagedImage.sha256(file, build.release(), places.cache());
            if (!image.equals(build.imageSha256())) {
                throw FarmException.farm("the image in " + file + " (SHA-256 " + image
                        + ") is not the one that was built and booted (" + build.imageSha256() + ")");
            }
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
