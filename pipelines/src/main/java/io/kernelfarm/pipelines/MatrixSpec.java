package io.kernelfarm.pipelines;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.checks.CheckPlan;
import io.kernelfarm.bootmatrix.checks.Checks;
import io.kernelfarm.bootmatrix.checks.IgnoredLine;
import io.kernelfarm.bootmatrix.machine.ssh.SshMachine;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which cells a boot matrix has: the file that {@code boot.matrix} names. Every mode is booted under every hypervisor, with
 * every firmware, on every machine, but for what is excluded; a bare machine has no hypervisor and is one cell.
 *
 * @param axes what there is to combine
 * @param exclude combinations that are not booted, each with the reason; in reports they are {@code SKIP}
 * @param required combinations that promotion needs a PASS of; all by default
 * @param checks by mode, the names of the checks that its cells have to pass, where {@code default} stands for those that the
 *     mode has anyway, and {@code thorough} for all but the soak; a mode that is not named has just the default ones. A name or a list
 *     of names in place of the mapping goes for all modes
 * @param soak seconds that the check of this name lasts, 30 by default
 * @param ignore lines of kernels' logs that would fail cells, and do not
 * @param timeouts how long to wait
 * @param share names of cells, in which {@code *} stands for anything: the part of the matrix that is booted here, where several
 *     farms share it; nothing that a file can say. Cells beyond it are not in the results at all, and so never count as done
 */
public record MatrixSpec(
        Axes axes,
        List<Exclusion> exclude,
        List<Combination> required,

        @JsonDeserialize(using = ChecksOfModes.class) SortedMap<Mode, List<String>> checks,

        Integer soak,
        List<Ignored> ignore,

        Spec.Timeouts timeouts,
        @JsonIgnore List<String> share) {

    /** What is booted if nobody says in which modes. */
    static final List<Mode> USUAL_MODES = List.of(Mode.METAL, Mode.DOM0_PV, Mode.PV, Mode.PVH, Mode.HVM, Mode.PVHVM);

    private static final String NO_HYPERVISOR = "none";

    public MatrixSpec {
        axes = axes == null ? new Axes(null, null, null, null) : axes;
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        for (int i = 0; i < exclude.size(); i++) {
            exclude.get(i).combination().requireWithin(axes, "exclusion " + (i + 1));
        }
        if (required != null) {
            required = List.copyOf(required);
            for (int i = 0; i < required.size(); i++) {
                required.get(i).requireWithin(axes, "required combination " + (i + 1));
            }
        }
        TreeMap<Mode, List<String>> named = new TreeMap<>(checks == null ? Map.of() : checks);
        if (named.keySet().containsAll(List.of(Mode.values()))) {
            named.keySet().retainAll(axes.modes()); // Who names all means those that are there.
        }
        checks = Collections.unmodifiableSortedMap(named);
        for (Map.Entry<Mode, List<String>> ofMode : checks.entrySet()) {
            requireChecks(axes, ofMode.getKey(), ofMode.getValue());
        }
        ignore = ignore == null ? List.of() : List.copyOf(ignore);
        requireSoak(soak, checks);
        timeouts = timeouts == null ? new Spec.Timeouts(null, null, null) : timeouts;
        share = share == null ? List.of() : List.copyOf(share);
        for (String pattern : share) {
            require(
                    pattern.matches("[a-z0-9.*-]+"),
                    "'" + pattern + "' is no name of cells such as pv-xen-4.17-bios-qemu or *-qemu");
        }
    }

    /** All of the matrix. */
    MatrixSpec(
            Axes axes,
            List<Exclusion> exclude,
            List<Combination> required,
            SortedMap<Mode, List<String>> checks,
            Integer soak,
            List<Ignored> ignore,
            Spec.Timeouts timeouts) {
        this(axes, exclude, required, checks, soak, ignore, timeouts, null);
    }

    /**
     * The cells of this matrix that {@code patterns} name, and nothing else.
     *
     * @throws FarmException wrong usage, if they name none, or one of them is no name
     */
    public MatrixSpec sharing(List<String> patterns) {
        MatrixSpec part;
        try {
            part = withShare(patterns);
        } catch (IllegalArgumentException e) {
            throw FarmException.usage(e.getMessage(), e);
        }
        if (part.cells().isEmpty()) {
            throw FarmException.usage("the matrix has no cell '" + String.join("', '", patterns)
                    + "'; './farm boot --list' names those it has");
        }
        return part;
    }

    private MatrixSpec withShare(List<String> patterns) {
        return new MatrixSpec(axes, exclude, required, checks, soak, ignore, timeouts, patterns);
    }

    /**
     * This matrix on {@code machine} in place of all that it names, and with the firmware that the machine has. What it says of other
     * machines or firmware alone, an exclusion or what promotion needs, goes with them: a matrix that needs cells of others only needs none of
     * these.
     *
     * @throws FarmException wrong usage, if there is no such machine
     */
    public MatrixSpec movedTo(String machine, MachinesPlace place) {
        place.require(List.of(machine));
        List<String> machines = List.of(machine);
        List<String> firmware = place.firmware(machine).map(List::of).orElse(axes.firmware());
        return new MatrixSpec(
                new Axes(axes.modes(), axes.hypervisors(), firmware, machines),
                exclude.stream()
                        .filter(one -> one.combination().isOf(machines, firmware))
                        .map(one -> new Exclusion(
                                one.modes(),
                                one.hypervisors(),
                                there(one.firmware(), firmware),
                                there(one.machines(), machines),
                                one.reason()))
                        .toList(),
                required == null
                        ? null
                        : required.stream()
                                .filter(one -> one.isOf(machines, firmware))
                                .map(one -> new Combination(
                                        one.modes(),
                                        one.hypervisors(),
                                        there(one.firmware(), firmware),
                                        there(one.machines(), machines)))
                                .toList(),
                checks,
                soak,
                ignore,
                timeouts,
                share);
    }

    /** Of what is named, what is there; where nothing is named it stays so. */
    private static List<String> there(List<String> named, List<String> there) {
        return named == null ? null : named.stream().filter(there::contains).toList();
    }

    /** Names by mode, or the names of all modes; a single name in place of a list of one. */
    static final class ChecksOfModes extends JsonDeserializer<SortedMap<Mode, List<String>>> {
        @Override
        public SortedMap<Mode, List<String>> deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            SortedMap<Mode, List<String>> checks = new TreeMap<>();
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                List<String> names = oneOrMore(parser, context);
                for (Mode mode : Mode.values()) {
                    checks.put(mode, names);
                }
                return checks;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Mode mode = mode(parser.currentName(), context);
                parser.nextToken();
                checks.put(mode, oneOrMore(parser, context));
            }
            return checks;
        }

        private static Mode mode(String name, DeserializationContext context) throws IOException {
            try {
                return Mode.of(name);
            } catch (IllegalArgumentException e) {
                throw ValueInstantiationException.from(
                        context.getParser(), e.getMessage(), context.constructType(Mode.class), e);
            }
        }

        private static List<String> oneOrMore(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.currentToken() == JsonToken.VALUE_STRING
                    ? List.of(parser.getText())
                    : List.of(context.readValue(parser, String[].class));
        }
    }

    /**
     * A line of a kernel's log that is known and harmless.
     *
     * @param pattern a regular expression that is found in the line
     * @param reason why it is harmless
     * @param bug where that can be read up: an address or a bug's number
     */
    public record Ignored(String pattern, String reason, String bug) {
        public Ignored {
            require(
                    pattern != null && !pattern.isBlank(),
                    "an ignored line has no 'pattern'; give the regular expression that is found in it");
            require(
                    reason != null && !reason.isBlank(),
                    "the ignored line '" + pattern + "' has no 'reason'; say why it is harmless");
            require(
                    bug != null && !bug.isBlank(),
                    "the ignored line '" + pattern
                            + "' has no 'bug'; name the address or number where it can be read up");
            try {
                boolean everything = Pattern.compile(pattern).matcher("").find();
                require(
                        !everything,
                        "the ignored line '" + pattern + "' is found in every line; name what is in yours");
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "the ignored line '" + pattern + "' is no regular expression: " + e.getDescription(), e);
            }
        }

        private IgnoredLine line() {
            return new IgnoredLine(Pattern.compile(pattern), reason, bug);
        }
    }

    private static void requireChecks(Axes axes, Mode mode, List<String> names) {
        require(axes.modes().contains(mode), "'checks' names mode " + mode + ", which is not among 'axes.modes'");
        require(
                names != null && !names.isEmpty(),
                "'checks." + mode
                        + "' is empty; leave it out, or write 'default', for the checks that the mode has anyway");
        for (String name : names) {
            require(
                    name.matches("[a-z][a-z0-9-]{0,40}"),
                    "'checks." + mode + "' has '" + name + "', which is not a name of a-z 0-9 - such as network");
            if (!name.equals(CheckPlan.DEFAULT) && !name.equals(CheckPlan.THOROUGHLY)) {
                Checks.of(name);
            }
        }
        require(
                names.stream().distinct().count() == names.size(),
                "'checks." + mode + "' names a check twice: " + String.join(", ", names));
    }

    private static void requireSoak(Integer soak, SortedMap<Mode, List<String>> checks) {
        if (soak == null) {
            return;
        }
        require(soak > 0 && soak <= 86_400, "'soak' has " + soak + "; a soak lasts 1 to 86400 seconds");
        require(
                checks.values().stream().anyMatch(names -> names.contains("soak")),
                "'soak' says how long it lasts, and no mode is asked it; name soak in 'checks', such as [default, soak]");
    }

    /** What is asked in the cells. */
    @JsonIgnore
    CheckPlan plan() {
        CheckPlan plan = CheckPlan.STANDARD
                .with(checks)
                .ignoring(ignore.stream().map(Ignored::line).toList());
        return soak == null ? plan : plan.soaking(Duration.ofSeconds(soak));
    }

    /**
     * What there is to combine.
     *
     * @param modes metal, dom0-pv, pv, pvh, hvm and pvhvm by default
     * @param hypervisors for the modes that need one; {@code [xen-4.17]} by default
     * @param firmware of the machines: {@code bios}, which is the default, {@code uefi}, or both
     * @param machines {@code qemu}, which is the default, and those of the list of machines
     */
    public record Axes(List<Mode> modes, List<String> hypervisors, List<String> firmware, List<String> machines) {
        public Axes {
            modes = axis("modes", modes, USUAL_MODES);
            hypervisors = axis("hypervisors", hypervisors, List.of("xen-4.17"));
            firmware = axis("firmware", firmware, List.of("bios"));
            machines = axis("machines", machines, List.of("qemu"));
            for (String hypervisor : hypervisors) {
                require(
                        hypervisor.matches("xen-[0-9]+\\.[0-9]+"),
                        "hypervisor '" + hypervisor + "' is not Xen of one version, such as xen-4.17");
            }
            for (String one : firmware) {
                require(
                        one.equals("bios") || one.equals("uefi"),
                        "unknown firmware '" + one + "'; there are bios, uefi");
            }
            for (String machine : machines) {
                require(
                        machine.matches("[a-z][a-z0-9.-]{0,40}"),
                        "machine '" + machine + "' is not a name of a-z 0-9 . - such as qemu");
            }
        }

        private static <T> List<T> axis(String name, List<T> values, List<T> otherwise) {
            if (values == null) {
                return otherwise;
            }
            require(!values.isEmpty(), "'axes." + name + "' is empty; leave it out for " + otherwise);
            require(
                    values.stream().distinct().count() == values.size(),
                    "'axes." + name + "' names one twice: " + values);
            return List.copyOf(values);
        }
    }

    /** Cells that have one of each; what is not named may be any. A bare machine's hypervisor is {@code none}. */
    public record Combination(
            List<Mode> modes, List<String> hypervisors, List<String> firmware, List<String> machines) {

        private boolean has(Cell cell) {
            return has(modes, cell.mode())
                    && has(hypervisors, cell.hypervisor())
                    && has(firmware, cell.firmware())
                    && has(machines, cell.machine());
        }

        /** Whether it is of one of {@code some} machines with one of {@code firmwares}. */
        private boolean isOf(List<String> some, List<String> firmwares) {
            return some.stream().anyMatch(one -> has(machines, one))
                    && firmwares.stream().anyMatch(one -> has(firmware, one));
        }

        private static <T> boolean has(List<T> named, T value) {
            return named == null || named.contains(value);
        }

        /** What it names has to be there to be named: a slip of the pen would leave a cell in, or out, unseen. */
        private void requireWithin(Axes axes, String what) {
            List<String> hypervisorsAndNone = new ArrayList<>(axes.hypervisors());
            hypervisorsAndNone.add(NO_HYPERVISOR);
            requireWithin(axes.modes(), modes, what, "modes");
            requireWithin(hypervisorsAndNone, hypervisors, what, "hypervisors");
            requireWithin(axes.firmware(), firmware, what, "firmware");
            requireWithin(axes.machines(), machines, what, "machines");
        }

        private static <T> void requireWithin(List<T> axis, List<T> named, String what, String key) {
            for (T value : named == null ? List.<T>of() : named) {
                require(
                        axis.contains(value),
                        what + " names " + value + ", which is not among 'axes." + key + "': " + axis);
            }
        }
    }

    /**
     * Cells that are not booted.
     *
     * @param reason why not, for whoever reads the reports
     */
    public record Exclusion(
            List<Mode> modes, List<String> hypervisors, List<String> firmware, List<String> machines, String reason) {
        public Exclusion {
            require(reason != null && !reason.isBlank(), "an exclusion has no 'reason'; say why it is not booted");
            require(
                    modes != null || hypervisors != null || firmware != null || machines != null,
                    "an exclusion names nothing, which would exclude everything; name modes, hypervisors, firmware or"
                            + " machines");
            reason = reason.strip().replaceAll("\\s+", " ");
        }

        private Combination combination() {
            return new Combination(modes, hypervisors, firmware, machines);
        }
    }

    /** The cells to boot, in the order of the axes: machines, firmware, hypervisors, modes. */
    @JsonIgnore
    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>(combinations());
        cells.removeAll(excluded().keySet());
        return cells;
    }

    /** The cells that are not booted, each with the reason of the first exclusion that has it. */
    @JsonIgnore
    Map<Cell, String> excluded() {
        Map<Cell, String> excluded = new LinkedHashMap<>();
        for (Cell cell : combinations()) {
            exclude.stream()
                    .filter(exclusion -> exclusion.combination().has(cell))
                    .findFirst()
                    .ifPresent(exclusion -> excluded.put(cell, exclusion.reason()));
        }
        return excluded;
    }

    /** The same, but that of its cells only {@code wanted} are booted. */
    MatrixSpec only(List<Cell> wanted) {
        List<Exclusion> others = new ArrayList<>(exclude);
        for (Cell cell : cells()) {
            if (!wanted.contains(cell)) {
                others.add(new Exclusion(
                        List.of(cell.mode()),
                        List.of(cell.hypervisor()),
                        List.of(cell.firmware()),
                        List.of(cell.machine()),
                        "it is not asked for now"));
            }
        }
        return with(others);
    }

    /** The same on the machines of {@code place}: what makes no sense on a standing Xen host is excluded there. */
    MatrixSpec on(MachinesPlace place) {
        List<Exclusion> more = new ArrayList<>(exclude);
        for (String machine : place.standing(axes.machines())) {
            for (Mode mode : axes.modes()) {
                SshMachine.senseless(machine, mode)
                        .ifPresent(
                                reason -> more.add(new Exclusion(List.of(mode), null, null, List.of(machine), reason)));
            }
        }
        return with(more);
    }

    /** The same for kernels of {@code target}: modes that make no sense for it are excluded, and machines of another kind. */
    MatrixSpec on(Target target) {
        List<Exclusion> more = new ArrayList<>(exclude);
        for (Mode mode : axes.modes()) {
            target.processor()
                    .senseless(mode)
                    .ifPresent(reason -> more.add(new Exclusion(List.of(mode), null, null, null, reason)));
        }
        for (String machine : axes.machines()) {
            if (target != Target.X86_64 && !machine.equals(MachinesPlace.EMULATOR)) {
                more.add(new Exclusion(
                        null,
                        null,
                        null,
                        List.of(machine),
                        "machine '" + machine + "' is of x86_64, and the kernel of " + target.id()));
            }
        }
        return with(more);
    }

    private MatrixSpec with(List<Exclusion> exclusions) {
        return new MatrixSpec(axes, exclusions, required, checks, soak, ignore, timeouts, share);
    }

    private List<Cell> combinations() {
        List<Cell> cells = new ArrayList<>();
        for (String machine : axes.machines()) {
            for (String firmware : axes.firmware()) {
                for (String hypervisor : axes.hypervisors()) {
                    for (Mode mode : axes.modes()) {
                        boolean bare = mode == Mode.METAL;
                        Cell cell = cell(mode, bare ? NO_HYPERVISOR : hypervisor, firmware, machine);
                        if (!cells.contains(cell) && isShared(cell)) {
                            cells.add(cell);
                        }
                    }
                }
            }
        }
        return cells;
    }

    private boolean isShared(Cell cell) {
        return share.isEmpty() || Cell.isNamed(cell.id(), share);
    }

    private Cell cell(Mode mode, String hypervisor, String firmware, String machine) {
        Cell cell = new Cell(mode, hypervisor, firmware, machine, true);
        boolean needed = required == null || required.stream().anyMatch(one -> one.has(cell));
        return new Cell(mode, hypervisor, firmware, machine, needed);
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
