package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.report.MatrixJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The pages of one run, each made when it is asked for, for whoever shows them within pages of their own. What is asked for is named by
 * its place in a {@link DashboardLayout}; a name that leads to none of the run's pages, whatever it is, finds nothing.
 */
public final class RunPages {

    private final DashboardLayout layout;
    private final DashboardRun run;
    private final Optional<DashboardRun> previous;
    private final RunConsoles consoles;

    /**
     * @param layout whose folder has what pages load piece by piece, written as it is needed; of its other files none needs to exist
     * @param previous the kernel before from the same source
     */
    public RunPages(DashboardLayout layout, DashboardRun run, Optional<DashboardRun> previous) {
        this.layout = layout;
        this.run = run;
        this.previous = previous;
        this.consoles = new RunConsoles(layout, run);
    }

    /** The page whose place is {@code file}. */
    public Optional<Page> page(Path file) throws IOException {
        if (file.equals(layout.run(run.id()))) {
            return Optional.of(RunPage.render(layout, run, RunConfiguration.read(run, previous)));
        }
        if (run.matrix().isPresent()) {
            for (CellResult cell : run.matrix().get().cells()) {
                if (file.equals(layout.cell(run.id(), cell.cell().id()))) {
                    return Optional.of(CellPage.render(layout, run, consoles, cell));
                }
            }
        }
        for (RunConsoles.ConsoleLog console : consoles.withPages()) {
            if (file.equals(layout.console(run.id(), console.console()))) {
                return Optional.of(ConsolePage.render(layout, run, console));
            }
        }
        return Optional.empty();
    }

    /** The text of {@code run.json}, of its twin, or of {@code matrix.json}, if that is what {@code file} is. */
    public Optional<String> data(Path file) throws IOException {
        if (file.equals(layout.matrix(run.id())) && run.matrix().isPresent()) {
            return Optional.of(Files.readString(run.boot().resolve(MatrixJson.FILE_NAME)));
        }
        Path json = layout.runData(run.id());
        return file.equals(json) || file.equals(DataFile.twin(json))
                ? Optional.of(DataFile.text(file, RunData.of(layout, run, RunConfiguration.read(run, previous))))
                : Optional.empty();
    }

    /** The file itself, if {@code file} is the place of what a page loads of a console: its index or a piece. */
    public Optional<Path> consolePart(Path file) throws IOException {
        for (RunConsoles.ConsoleLog console : consoles.all()) {
            Path index = layout.consoleIndex(run.id(), console.console());
            if (index.getParent().equals(file.getParent())) {
                ConsoleIndex made = ConsolePieces.write(layout, run.id(), console);
                boolean known = file.equals(index) || file.equals(DataFile.twin(index)) || isPiece(file, made.pieces());
                return Optional.of(file).filter(one -> known && Files.isRegularFile(one));
            }
        }
        return Optional.empty();
    }

    private static boolean isPiece(Path file, int pieces) {
        String name = file.getFileName().toString();
        return name.matches("[0-9]{1,7}\\.js") && Integer.parseInt(name.substring(0, name.length() - 3)) < pieces;
    }
}
