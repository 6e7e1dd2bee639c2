package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.lease.Leases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the list of machines is.
 *
 * @param given whether somebody named the file; one that nobody named need not be there
 */
public record MachinesPlace(Path file, boolean given) {

    /** The environment's name for the file. */
    public static final String VARIABLE = "KERNEL_FARM_MACHINES";

    /** The environment's name for a folder with the passwords and keys that the list names, where they are not beside the list. */
    public static final String SECRETS_VARIABLE = "KERNEL_FARM_SECRETS";

    /** What cells call the emulated machine. */
    static final String EMULATOR = "qemu";

    private static final YamlFile.Kind KIND =
            new YamlFile.Kind("list of machines", "one machine", "name one with --machines");

    public MachinesPlace {
        file = file.toAbsolutePath().normalize();
    }

    /** What {@link #VARIABLE} names, or else the user's own {@code machines.yaml}. */
    public static MachinesPlace standard() {
        String named = System.getenv().getOrDefault(VARIABLE, "");
        return named.isEmpty()
                ? new MachinesPlace(Xdg.folder("XDG_CONFIG_HOME", ".config").resolve("machines.yaml"), false)
                : new MachinesPlace(Path.of(named), true);
    }

    /**
     * The list; empty if there is none and nobody named one.
     *
     * @throws FarmException wrong usage
     */
    public Optional<MachinesSpec> read() {
        return given || Files.exists(file)
                ? Optional.of(YamlFile.read(file, MachinesSpec.class, KIND))
                : Optional.empty();
    }

    /** What names of folders in the list are relative to. */
    Path folder() {
        return file.getParent();
    }

    /** The file that the list calls {@code name}: the one in the folder that {@link #SECRETS_VARIABLE} names, or else the one beside the list. */
    Path secret(String name) {
        return secret(name, System.getenv());
    }

    Path secret(String name, Map<String, String> environment) {
        String folder = environment.getOrDefault(SECRETS_VARIABLE, "");
        if (!folder.isEmpty() && !name.contains("/")) {
            Path given = Path.of(folder).resolve(name);
            if (Files.isRegularFile(given)) {
                return given;
            }
        }
        return folder().resolve(name);
    }

    /** Where the farms agree on who has which machine. */
    public Leases leases(MachinesSpec spec) {
        return new Leases(
                spec.leases() == null
                        ? Xdg.folder("XDG_STATE_HOME", ".local/state").resolve("machines")
                        : folder().resolve(spec.leases()));
    }

    /** Those of {@code names} that are standing Xen hosts. */
    List<String> standing(List<String> names) {
        if (names.stream().allMatch(EMULATOR::equals)) {
            return List.of(); // The list may be missing, or be broken, and nobody asks for it.
        }
        return read().map(spec -> spec.machines().stream()
                        .filter(machine -> machine.ssh() != null)
                        .map(MachinesSpec.Entry::name)
                        .filter(names::contains)
                        .toList())
                .orElse(List.of());
    }

    /** The firmware that the machine called {@code name} has and no other; empty for one that has any. */
    Optional<String> firmware(String name) {
        return read().stream()
                .flatMap(spec -> spec.machines().stream())
                .filter(machine -> machine.name().equals(name) && machine.fake() == null)
                .map(MachinesSpec.Entry::firmware)
                .findFirst();
    }

    /**
     * Says which of {@code names} is no machine.
     *
     * @throws FarmException wrong usage, if there is one
     */
    void require(List<String> names) {
        List<String> known = names();
        for (String name : names) {
            if (!known.contains(name)) {
                throw FarmException.usage("unknown machine '" + name + "'; there are " + String.join(", ", known)
                        + ", and those of one's own are listed in " + file);
            }
        }
    }

    /** The names of the machines that cells may name, the emulated one first. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of(EMULATOR));
        read().ifPresent(spec -> spec.machines().forEach(machine -> names.add(machine.name())));
        return names;
    }
}
