package io.kernelfarm.pipelines;

import java.nio.file.Path;

/**
 * The paths in a finished build. Nothing else knows them.
 *
 * <pre>
 * build.json                    what it is, see {@link Build}
 * vmlinuz                       the image (bzImage, Image.gz)
 * System.map  config            as the kernel's build left them
 * modules/lib/modules/RELEASE/  stripped modules
 * headers/                      what external modules are built with; not of a kernel that was cross-built
 * debug/                        vmlinux and kernel/, the modules, with their debug information; only if they have some
 * build.log.gz                  all that make said; build.log while it says it
 * </pre>
 */
public record BuildLayout(Path root) {

    public Path record() {
        return root.resolve("build.json");
    }

    public Path image() {
        return root.resolve("vmlinuz");
    }

    public Path systemMap() {
        return root.resolve("System.map");
    }

    public Path config() {
        return root.resolve("config");
    }

    /** What {@code INSTALL_MOD_PATH} is set to. */
    Path modulesRoot() {
        return root.resolve("modules");
    }

    public Path modules(String release) {
        return modulesRoot().resolve("lib").resolve("modules").resolve(release);
    }

    Path headers() {
        return root.resolve("headers");
    }

    Path debug() {
        return root.resolve("debug");
    }

    /** What make says while it works. */
    Path liveLog() {
        return root.resolve("build.log");
    }

    /** The same, compressed, once it is over. */
    public Path log() {
        return root.resolve("build.log.gz");
    }
}
