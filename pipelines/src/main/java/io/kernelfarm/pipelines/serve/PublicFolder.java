package io.kernelfarm.pipelines.serve;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder whose files are shown to others: none whose name starts with a dot, and none that a link leads to outside of it. */
public record PublicFolder(Path root) {

    /** The file under {@code rawPath}, the path of a URL below the folder's as it was sent; empty if there is none to show. */
    public Optional<Path> find(String rawPath) throws IOException {
        if (rawPath.endsWith("/")) {
            return Optional.empty();
        }
        Optional<List<String>> names = names(rawPath);
        return names.isEmpty() ? Optional.empty() : find(names.get()).filter(Files::isRegularFile);
    }

    /** The file or folder with this path; empty if there is none, or one outside of this folder. */
    Optional<Path> find(List<String> names) throws IOException {
        Path file;
        try {
            file = root.resolve(String.join("/", names));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        return Files.exists(file) && file.toRealPath().startsWith(root.toRealPath())
                ? Optional.of(file)
                : Optional.empty();
    }

    /** The decoded parts of a path; empty if one of them is no plain name. */
    static Optional<List<String>> names(String rawPath) {
        List<String> names = new ArrayList<>();
        for (String part : rawPath.split("/", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            String name;
            try {
                name = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
            if (name.startsWith(".") || name.contains("/") || name.contains("\0")) {
                return Optional.empty();
            }
            names.add(name);
        }
        return Optional.of(names);
    }
}
