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
 * {@code name}, {@code summary}, {@code base}, {@code fragments}), {@code fragments/<name>.config} and, with what only the kernels of one
 * architecture have, {@code fragments/<name>.<arch>.config}.
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
     * The profile called {@code name} for kernels of {@code arch}, with its fragments read. A fragment that has files of both kinds is two in
     * it: that of all architectures, and then that of this one.
     *
     * @param arch the kernel's {@code ARCH}, for example {@code x86_64}
     * @throws UnknownProfileException if there is none
     * @throws ConfigException if the profile or one of its fragments is malformed or missing
     */
    public Profile get(String name, String arch) {
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
            List<String> parts = Stream.of(fragment, fragment + "." + arch)
                    .filter(part -> fragmentTexts.containsKey(part))
                    .toList();
            if (parts.isEmpty()) {
                throw new ConfigException(fileName + ": " + unknown(fragment, arch));
            }
            parts.forEach(part -> fragments.add(Fragment.parse(part, fragmentTexts.get(part))));
        }
        return new Profile(name, file.summary(), file.base(), fragments);
    }

    private String unknown(String fragment, String arch) {
        List<String> names = fragmentTexts.keySet().stream()
                .map(file -> file.replaceFirst("\\..*", ""))
                .distinct()
                .toList();
        return names.contains(fragment)
                ? "fragment '" + fragment + "' has nothing for " + arch + "; give it a file " + fragment + "." + arch
                        + Fragment.SUFFIX
                : "unknown fragment '" + fragment + "'; " + Nearest.didYouMean(fragment, names) + "the fragments are "
                        + String.join(", ", names);
    }
}
