package io.jenkins.plugins.kernelfarm.pages;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What a URL asks for below a folder. */
final class Asked {

    private Asked() {}

    /**
     * The path that the rest of a URL, decoded, names below {@code folder}; nothing if it leads out of it, or has a part that begins with a
     * dot, which is how things are called that are on their way.
     */
    static Optional<Path> path(Path folder, String rest) {
        Path file = folder;
        try {
            for (String part : rest.split("/", -1)) {
                if (part.isEmpty()) {
                    continue;
                }
                if (part.startsWith(".")
                        || part.indexOf('\\') >= 0
                        || part.chars().anyMatch(Character::isISOControl)) {
                    return Optional.empty();
                }
                file = file.resolve(part);
            }
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return Optional.of(file);
    }

    /** The first part of the way from {@code folder} to {@code file}; empty if that is no way down. */
    static String part(Path folder, Path file) {
        return file.startsWith(folder) && file.getNameCount() > folder.getNameCount()
                ? file.getName(folder.getNameCount()).toString()
                : "";
    }

    /** A path as it stands in a URL. */
    static String encoded(String path) {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
