package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.kernel.KernelPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What a run has published: {@code publish/published.json}. */
record Publication(String channel, List<Item> packages) {

    /**
     * One package in a repository.
     *
     * @param path below the folder of runs and repositories
     */
    record Item(String path, String sha256) {

        boolean isDeb() {
            return path.endsWith(".deb");
        }

        String fileName() {
            return Path.of(path).getFileName().toString();
        }

        /** Where it lies, if it is still what was published. */
        Path in(OutLayout out, RunLayout run) throws IOException {
            Path file = out.root().resolve(path);
            if (!Files.isRegularFile(file) || !Sha256.of(file).equals(sha256)) {
                throw FarmException.farm(file + " is not what run " + run.id()
                        + " published; publish it again with './farm publish " + run.id() + "'");
            }
            return file;
        }
    }

    Publication {
        packages = List.copyOf(packages);
    }

    /**
     * @throws FarmException wrong usage, if the run has published nothing
     */
    static Publication read(RunLayout run) throws IOException {
        try {
            return Json.read(run.publication(), Publication.class);
        } catch (NoSuchFileException e) {
            throw FarmException.usage(
                    "run " + run.id() + " has published nothing; do it with './farm publish " + run.id() + "'", e);
        }
    }

    /**
     * The package with the kernel's image as it lies in a repository.
     *
     * @param deb whether it is Debian's that is asked for
     * @throws FarmException wrong usage, if the run has published none; the farm's fault, if it is no longer what was
     *     published
     */
    Path image(boolean deb, Build build, OutLayout out, RunLayout run) throws IOException {
        String name =
                deb ? KernelPackages.debImagePackage(build.release()) + "_" : KernelPackages.RPM_IMAGE_PACKAGE + "-";
        for (Item item : packages) {
            if (item.isDeb() == deb && item.fileName().startsWith(name)) {
                return item.in(out, run);
            }
        }
        throw FarmException.usage("run " + run.id() + " has published no " + name.substring(0, name.length() - 1)
                + "; do it with './farm publish " + run.id() + "'");
    }
}
