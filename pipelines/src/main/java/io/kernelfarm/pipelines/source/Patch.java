package io.kernelfarm.pipelines.source;

import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of changes, as diff(1) and git write them.
 *
 * @param name of its file, below the folder of its series
 * @param strip how many folders are taken away from the names in it, as patch(1) counts them
 * @param file where it is
 * @param sha256 of the file
 */
record Patch(String name, int strip, Path file, String sha256) {

    /** Far more than the step from one release of the kernel to the next. */
    private static final long MAX_BYTES = 256L << 20;

    /**
     * The patches of the series in {@code place}, if that is a folder, else the one that it is.
     *
     * @throws FarmException wrong usage, naming file and line
     */
    static List<Patch> read(Path place) throws IOException {
        return Files.isDirectory(place)
                ? series(place)
                : List.of(of(place, place.getFileName().toString(), 1, ""));
    }

    /** Lines of a name and perhaps {@code -pN}, in the order in which they are applied; {@code #} begins a comment (quilt(1)). */
    private static List<Patch> series(Path folder) throws IOException {
        Path file = folder.resolve("series");
        if (!Files.isRegularFile(file)) {
            throw FarmException.usage(
                    "there is no " + file + ", which names the patches in their order; write one, or name the"
                            + " patches themselves in 'source.patches'");
        }
        List<Patch> patches = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("(^|\\s)#.*", "").strip();
            if (!line.isEmpty()) {
                String where = file + ":" + (i + 1) + ": ";
                String[] words = line.split("\\s+", -1);
                int strip = 1;
                for (int word = 1; word < words.length; word++) {
                    if (!words[word].matches("-p[0-9]")) {
                        throw FarmException.usage(where + "'" + words[word]
                                + "' is not understood after the name of a patch; only -p0 to -p9 may stand there");
                    }
                    strip = words[word].charAt(2) - '0';
                }
                Path name = Path.of(words[0]);
                if (name.isAbsolute() || name.normalize().startsWith("..")) {
                    throw FarmException.usage(
                            where + "'" + name + "' lies outside the folder of the series; put it there");
                }
                patches.add(of(folder.resolve(name), name.normalize().toString(), strip, where));
            }
        }
        return patches;
    }

    private static Patch of(Path file, String name, int strip, String where) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw FarmException.usage(where + "there is no patch " + file);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw FarmException.usage(
                    where + file + " has more than the " + (MAX_BYTES >> 20) + " MiB that a patch may have");
        }
        return new Patch(name, strip, file, Sha256.of(file));
    }

    /** Over all that decides what comes out. */
    static String hash(List<Patch> series) {
        return Sha256.of(series.stream()
                .map(patch -> "-p" + patch.strip() + " " + patch.sha256() + "\n")
                .collect(Collectors.joining()));
    }
}
