package io.kernelfarm.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code promotions.jsonl}: all decisions, the oldest first, one JSON object a line. */
final class Promotions {

    private final OutLayout out;

    Promotions(OutLayout out) {
        this.out = out;
    }

    List<Promotion> all() throws IOException {
        Path file = out.promotions();
        List<Promotion> all = new ArrayList<>();
        if (Files.isRegularFile(file)) {
            for (String line : Files.readAllLines(file)) {
                all.add(Json.parse(line, Promotion.class, file));
            }
        }
        return all;
    }

    List<Promotion> of(String run) throws IOException {
        return all().stream().filter(one -> one.run().equals(run)).toList();
    }

    /** The promotions into {@code channel} that were neither undone nor replaced by another build of the same release. */
    List<Promotion> standing(String channel) throws IOException {
        List<Promotion> standing = new ArrayList<>();
        for (Promotion one : all()) {
            if (one.to().equals(channel)) {
                standing.removeIf(earlier -> earlier.run().equals(one.run()) || isReplaced(earlier, one));
                if (one.action() == Promotion.Action.PROMOTE) {
                    standing.add(one);
                }
            }
        }
        return standing;
    }

    private static boolean isReplaced(Promotion earlier, Promotion later) {
        return later.action() == Promotion.Action.PROMOTE
                && later.release().equals(earlier.release())
                && !later.packages().equals(earlier.packages());
    }

    /** What was begun and not finished: a farm was killed between the repositories. */
    Optional<Promotion> begun() throws IOException {
        return Files.isRegularFile(out.promotionBegun())
                ? Optional.of(Json.read(out.promotionBegun(), Promotion.class))
                : Optional.empty();
    }

    void begin(Promotion promotion) throws IOException {
        Json.write(out.promotionBegun(), promotion);
    }

    /** Writes {@code promotion} down, once, and forgets that it was begun. The file is there whole or as it was. */
    void finish(Promotion promotion) throws IOException {
        if (!all().contains(promotion)) {
            Path file = out.promotions();
            String before = Files.isRegularFile(file) ? Files.readString(file) : "";
            AtomicFile.write(file, (before + Json.line(promotion) + "\n").getBytes(UTF_8));
        }
        Files.deleteIfExists(out.promotionBegun());
    }
}
