package io.kernelfarm.pipelines;

import java.nio.file.Path;

/** A user's folders, as the XDG Base Directory Specification has them. */
public final class Xdg {

    private Xdg() {}

    /**
     * The farm's folder in the one that {@code variable} names, or in the user's own {@code standard}.
     *
     * @param variable for example {@code XDG_CACHE_HOME}
     * @param standard below the user's home, for example {@code .cache}
     */
    public static Path folder(String variable, String standard) {
        String configured = System.getenv().getOrDefault(variable, "");
        // The specification has relative paths ignored.
        Path base = configured.startsWith("/")
                ? Path.of(configured)
                : Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home")), standard);
        return base.resolve("kernel-farm");
    }
}
