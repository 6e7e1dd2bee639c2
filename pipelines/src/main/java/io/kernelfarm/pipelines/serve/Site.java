package io.kernelfarm.pipelines.serve;

import io.kernelfarm.pipelines.OutLayout;
import io.kernelfarm.pipelines.RunLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files the farm shows to everybody, and under which URL.
 *
 * <pre>
 * /apt /dnf /provenance …      the repositories and what lies beside them, such as the key
 * /repository/…                the same, for links from the dashboard, which lies beside it on disk
 * /runs/RUN-ID/packages/…      a run's packages, and its
 * /runs/RUN-ID/boot/…          matrix.json, junit.xml, kcidb.json and consoles
 * /…                           the dashboard
 * </pre>
 *
 * Nothing else of the folder of results is shown, no name that starts with a dot, and nothing that a link leads to outside
 * of these.
 */
final class Site {

    private static final String INDEX = "index.html";

    private final OutLayout out;

    Site(OutLayout out) {
        this.out = out;
    }

    /**
     * What lies under {@code rawPath}, the path of a URL as it was sent.
     *
     * @param folder whether the URL lacks the slash at its end that makes relative links in its page work
     */
    record Found(Path file, boolean folder) {}

    Optional<Found> find(String rawPath) throws IOException {
        Optional<List<String>> names = PublicFolder.names(rawPath);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        Place place = place(names.get());
        PublicFolder folder = new PublicFolder(place.root());
        Optional<Path> file = folder.find(place.names());
        boolean index = file.isPresent() && Files.isDirectory(file.get());
        if (index) {
            List<String> inside = new ArrayList<>(place.names());
            inside.add(INDEX);
            file = folder.find(inside);
        } else if (rawPath.endsWith("/")) {
            return Optional.empty();
        }
        return file.filter(Files::isRegularFile).map(found -> new Found(found, index && !rawPath.endsWith("/")));
    }

    private record Place(Path root, List<String> names) {}

    private Place place(List<String> names) {
        String first = names.isEmpty() ? "" : names.get(0);
        if (first.equals("repository")) {
            return new Place(out.repository(), names.subList(1, names.size()));
        }
        if (Set.of("apt", "dnf", "provenance").contains(first)
                || (names.size() == 1 && Files.isRegularFile(out.repository().resolve(first)))) {
            return new Place(out.repository(), names);
        }
        if (names.size() > 3 && first.equals("runs")) {
            RunLayout run = out.run(names.get(1));
            List<String> rest = names.subList(3, names.size());
            if (names.get(2).equals("packages")) {
                return new Place(run.packages(), rest);
            }
            if (names.get(2).equals("boot") && isShown(run, rest.get(0))) {
                return new Place(run.boot(), rest);
            }
        }
        return new Place(out.dashboard().root(), names);
    }

    private static boolean isShown(RunLayout run, String name) {
        return Stream.of(run.matrix(), run.junit(), run.kcidb(), run.consoles())
                .anyMatch(shown -> shown.getFileName().toString().equals(name));
    }
}
