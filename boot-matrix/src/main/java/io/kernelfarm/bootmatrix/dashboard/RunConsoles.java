package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The console logs of a run that are really there, each with the cells that speak of it and the lines they rest on. The
 * log of the attempt that decided a cell is shown on the cell's page; each other log has a page of its own.
 */
final class RunConsoles {

    /** The anchor of a console on the page that shows it. */
    static final String ANCHOR = "console";

    /**
     * One log.
     *
     * @param console its path as the result gives it
     * @param log the file
     * @param cells the cells that it belongs to
     * @param decided those of them whose verdict rests on it
     * @param evidence numbers of the lines that a verdict rests on
     */
    record ConsoleLog(
            String console, Path log, List<CellResult> cells, List<CellResult> decided, TreeSet<Integer> evidence) {}

    private final DashboardLayout layout;
    private final DashboardRun run;
    private final Map<String, ConsoleLog> logs = new LinkedHashMap<>();

    RunConsoles(DashboardLayout layout, DashboardRun run) {
        this.layout = layout;
        this.run = run;
        run.matrix().ifPresent(result -> result.cells().forEach(this::add));
    }

    /** The logs that no cell's page shows. */
    Collection<ConsoleLog> withPages() {
        return logs.values().stream().filter(log -> log.decided().isEmpty()).toList();
    }

    Collection<ConsoleLog> all() {
        return logs.values();
    }

    Optional<ConsoleLog> find(String console) {
        return Optional.ofNullable(logs.get(console));
    }

    /** The link from {@code from} to where {@code log} is shown. */
    String link(Path from, ConsoleLog log) {
        Path page = log.decided().isEmpty()
                ? layout.console(run.id(), log.console())
                : layout.cell(run.id(), log.decided().get(0).cell().id());
        return DashboardLayout.link(from, page) + "#" + ANCHOR;
    }

    private void add(CellResult result) {
        add(result, result.console(), result.checks())
                .ifPresent(log -> log.decided().add(result));
        for (Attempt attempt : result.attempts()) {
            add(result, attempt.console(), attempt.checks());
        }
    }

    private Optional<ConsoleLog> add(CellResult result, String console, List<CheckResult> checks) {
        Optional<ConsoleLog> entry = log(run.boot().toAbsolutePath().normalize(), console)
                .map(log -> logs.computeIfAbsent(
                        console,
                        name -> new ConsoleLog(name, log, new ArrayList<>(), new ArrayList<>(), new TreeSet<>())));
        entry.ifPresent(log -> {
            if (!log.cells().contains(result)) {
                log.cells().add(result);
            }
            checks.stream()
                    .flatMap(check -> check.evidence().stream())
                    .map(Evidence::line)
                    .filter(line -> line > 0)
                    .forEach(log.evidence()::add);
        });
        return entry;
    }

    /** The log, if there is one. A result may come from elsewhere; what lies outside its folder is none of its consoles. */
    private static Optional<Path> log(Path folder, String console) {
        try {
            return Optional.of(folder.resolve(console).normalize())
                    .filter(log -> log.startsWith(folder))
                    .filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
