package io.kernelfarm.pipelines;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.kernelfarm.bootmatrix.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is asked of a bisection.
 *
 * @param version of this format
 * @param tree the git repository; empty if {@code builds} are searched
 * @param builds the folders of the runs, the oldest first; empty if a git tree is searched
 * @param good id of a commit or run
 * @param bad id of a commit or run
 * @param cell the one to boot
 * @param spec how a commit is built and booted; null if builds are searched, which have their own
 */
public record BisectTask(
        int version,
        Instant started,
        String tree,
        List<String> builds,
        String good,
        String bad,
        CellName cell,
        Spec spec) {

    public static final int FORMAT_VERSION = 1;

    public BisectTask {
        builds = List.copyOf(builds);
    }

    /** Whether the commits of a git tree are searched. */
    @JsonIgnore
    public boolean isOfGit() {
        return !tree.isEmpty();
    }

    /** A cell, as people name it: {@code MODE/HYPERVISOR[/FIRMWARE[/MACHINE]]}. */
    public record CellName(Mode mode, String hypervisor, String firmware, String machine) {

        private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)((?:/[a-z0-9.-]+){0,3})");

        /**
         * The cell called {@code name}; {@code metal} has no hypervisor, and {@code bios} and {@code qemu} may be left out.
         *
         * @throws FarmException wrong usage
         */
        public static CellName of(String name) {
            Matcher matcher = FORM.matcher(name);
            if (!matcher.matches()) {
                throw unclear(name, "that is no name of a cell");
            }
            Mode mode;
            try {
                mode = Mode.of(matcher.group(1));
            } catch (IllegalArgumentException e) {
                throw unclear(name, e.getMessage());
            }
            String rest = matcher.group(2).replaceFirst("^/", "");
            String[] words = rest.isEmpty() ? new String[0] : rest.split("/", -1);
            int at = 0;
            String hypervisor = "none";
            if (at < words.length && words[at].equals("none")) {
                at++;
            } else if (mode != Mode.METAL) {
                if (words.length == 0) {
                    throw unclear(name, "mode " + mode + " needs a hypervisor");
                }
                hypervisor = words[at++];
            }
            String firmware = at < words.length ? words[at++] : "bios";
            String machine = at < words.length ? words[at++] : "qemu";
            CellName cell = new CellName(mode, hypervisor, firmware, machine);
            if (at < words.length) {
                throw unclear(name, "there are too many words in it");
            }
            try {
                cell.matrix(new MatrixSpec(null, null, null, null, null, null, null));
            } catch (IllegalArgumentException e) {
                throw unclear(name, e.getMessage());
            }
            return cell;
        }

        private static FarmException unclear(String name, String why) {
            return FarmException.usage("--cell '" + name + "': " + why
                    + "; a cell is MODE/HYPERVISOR, such as pvhvm/xen-4.17, or metal, and /FIRMWARE/MACHINE if they are not"
                    + " /bios/qemu");
        }

        /** A matrix of this cell alone, asked as {@code other} asks its mode. */
        MatrixSpec matrix(MatrixSpec other) {
            List<String> checks = other.checks().get(mode);
            boolean soaks = checks != null && checks.contains("soak");
            return new MatrixSpec(
                    new MatrixSpec.Axes(
                            List.of(mode),
                            mode == Mode.METAL ? null : List.of(hypervisor),
                            List.of(firmware),
                            List.of(machine)),
                    null,
                    null,
                    checks == null ? null : new TreeMap<>(Map.of(mode, checks)),
                    soaks ? other.soak() : null,
                    other.ignore(),
                    other.timeouts());
        }

        @Override
        public String toString() {
            return mode == Mode.METAL && firmware.equals("bios") && machine.equals("qemu")
                    ? mode.id()
                    : mode
                            + (mode == Mode.METAL ? "" : "/" + hypervisor)
                            + (firmware.equals("bios") && machine.equals("qemu") ? "" : "/" + firmware + "/" + machine);
        }
    }
}
