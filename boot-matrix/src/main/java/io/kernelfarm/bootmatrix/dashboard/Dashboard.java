package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Writes the dashboard: plain pages that work from a disk, from any web server and without scripts. A page whose run did
 * not change is left as it is, so that writing after a run costs by what is new.
 */
public final class Dashboard {

    private static final List<String> ASSETS = List.of("style.css", "icon.svg", "farm.js", "console.css", "console.js");

    private final DashboardLayout layout;

    public Dashboard(DashboardLayout layout) {
        this.layout = layout;
    }

    /** Writes the pages of all {@code runs}, which may come in any order. Each page is there whole or not at all. */
    public void write(List<DashboardRun> runs) throws IOException {
        for (String asset : ASSETS) {
            writeResource(asset, layout.asset(asset));
        }
        for (DashboardRun run : runs) {
            RunConsoles consoles = new RunConsoles(layout, run);
            for (RunConsoles.ConsoleLog console : consoles.withPages()) {
                ConsolePage.write(layout, run, console);
            }
            if (run.matrix().isPresent()) {
                for (CellResult cell : run.matrix().get().cells()) {
                    CellPage.write(layout, run, consoles, cell);
                }
            }
            AtomicFile.writeIfChanged(layout.run(run.id()), RunPage.render(layout, run));
        }
        List<DashboardRun> newestFirst = runs.stream()
                .sorted(Comparator.comparing(DashboardRun::started)
                        .thenComparing(DashboardRun::id)
                        .reversed())
                .toList();
        // Last, so that it never leads to a page that is not there yet.
        AtomicFile.writeIfChanged(layout.home(), HomePage.render(layout, newestFirst));
    }

    private static void writeResource(String name, Path file) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            AtomicFile.writeIfChanged(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
