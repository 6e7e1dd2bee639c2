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

/** The console logs of a run that are really there, each with the cells that speak of it and the lines they rest on. */
final class RunConsoles {

    /**
     * One log.
     *
     * @param console its path as the result gives it
     * @param log the file
     * @param page where it is shown
     * @param cells ids of the cells that it belongs to
     * @param evidence numbers of the lines that a verdict rests on
     */
    record ConsoleLog(String console, Path log, Path page, Collection<CellResult> cells, TreeSet<Integer> evidence) {}

    private final DashboardLayout layout;
    private final DashboardRun run;
    private final Map<String, ConsoleLog> logs = new LinkedHashMap<>();

    RunConsoles(DashboardLayout layout, DashboardRun run) {
        this.layout = layout;
        this.run = run;
        run.matrix().ifPresent(result -> result.cells().forEach(this::add));
    }

    Collection<ConsoleLog> all() {
        return logs.values();
    }

    boolean has(String console) {
        return logs.containsKey(console);
    }

    Path log(String console) {
        return logs.get(console).log();
    }

    /** The link from {@code from} to the page that shows {@code console}. */
    String link(Path from, String console) {
        return DashboardLayout.link(from, logs.get(console).page());
    }

    private void add(CellResult result) {
        add(result, result.console(), result.checks());
        for (Attempt attempt : result.attempts()) {
            add(result, attempt.console(), attempt.checks());
        }
    }

    private void add(CellResult result, String console, List<CheckResult> checks) {
        Optional<Path> log = log(run.boot().toAbsolutePath().normalize(), console);
        if (log.isEmpty()) {
            return;
        }
        ConsoleLog entry = logs.computeIfAbsent(
                console,
                name -> new ConsoleLog(
                        name, log.get(), layout.console(run.id(), name), new ArrayList<>(), new TreeSet<>()));
        if (!entry.cells().contains(result)) {
            entry.cells().add(result);
        }
        checks.stream()
                .flatMap(check -> check.evidence().stream())
                .map(Evidence::line)
                .filter(line -> line > 0)
                .forEach(entry.evidence()::add);
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
