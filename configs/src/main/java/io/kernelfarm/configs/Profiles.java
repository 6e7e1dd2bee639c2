package io.kernelfarm.configs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The profiles there are, and the fragments that they name. A directory of them has {@code profiles/<name>.yaml} (keys
 * {@code name}, {@code summary}, {@code base}, {@code fragments}) and {@code fragments/<name>.config}.
 */
public final class Profiles {
    private static final String PROFILE_SUFFIX = ".yaml";

    private final SortedMap<String, String> profileTexts = new TreeMap<>();
    private final SortedMap<String, String> fragmentTexts = new TreeMap<>();

    private Profiles() {}

    /** Those that come with Kernel Farm. */
    public static Profiles builtIn() {
        try {
            Path home = Path.of(Profiles.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(home)) {
                return builtIn(home);
            }
            try (FileSystem jar = FileSystems.newFileSystem(home)) {
                return builtIn(jar.getPath("/"));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program's own jar has an unreadable address", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the built-in profiles", e);
        }
    }

    private static Profiles builtIn(Path classes) throws IOException {
        Profiles profiles = new Profiles();
        profiles.add(classes.resolve("io/kernelfarm/configs/builtin"));
        return profiles;
    }

    /**
     * Those of {@code directory} before the built-in ones: its profiles may name built-in fragments, and a file of its
     * own replaces the built-in one of the same name.
     *
     * @throws ConfigException if {@code directory} is no directory
     */
    public static Profiles with(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ConfigException(
                    directory + " is no directory; give one with profiles/*.yaml and fragments/*.config");
        }
        Profiles profiles = builtIn();
        profiles.add(directory);
        return profiles;
    }

    private void add(Path directory) throws IOException {
        addTexts(directory.resolve("profiles"), PROFILE_SUFFIX, profileTexts);
        addTexts(directory.resolve("fragments"), Fragment.SUFFIX, fragmentTexts);
    }

    private static void addTexts(Path folder, String suffix, Map<String, String> texts) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String fileName = file.getFileName().toString();
                if (fileName.endsWith(suffix)) {
                    texts.put(fileName.substring(0, fileName.length() - suffix.length()), Files.readString(file));
                }
            }
        }
    }

    /** The names of all profiles, sorted. */
    public SortedSet<String> names() {
        return new TreeSet<>(profileTexts.keySet());
    }

    /**
     * The profile called {@code name}, with its fragments read.
     *
     * @throws UnknownProfileException if there is none
     * @throws ConfigException if the profile or one of its fragments is malformed or missing
     */
    public Profile get(String name) {
        String text = profileTexts.get(name);
        if (text == null) {
            throw new UnknownProfileException(name, profileTexts.keySet());
        }
        String fileName = name + PROFILE_SUFFIX;
        ProfileFile file = ProfileFile.parse(fileName, text);
        if (!file.name().equals(name)) {
            throw new ConfigException(
                    fileName + ": its name is '" + file.name() + "'; it must be that of the file, '" + name + "'");
        }
        List<Fragment> fragments = new ArrayList<>();
        for (String fragment : file.fragments()) {
            String wishes = fragmentTexts.get(fragment);
            if (wishes == null) {
                throw new ConfigException(fileName + ": unknown fragment '" + fragment + "'; "
                        + Nearest.didYouMean(fragment, fragmentTexts.keySet()) + "the fragments are "
                        + String.join(", ", fragmentTexts.keySet()));
            }
            fragments.add(Fragment.parse(fragment, wishes));
        }
        return new Profile(name, file.summary(), file.base(), fragments);
    }
}
