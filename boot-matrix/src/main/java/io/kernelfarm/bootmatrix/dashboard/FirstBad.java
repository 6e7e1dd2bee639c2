package io.kernelfarm.bootmatrix.dashboard;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel that FAILs in a cell in which the last kernel from the same source that could be judged there had a PASS.
 *
 * @param cell where
 * @param good the last kernel that passed
 * @param bad the first that fails
 * @param again the first that passes since; empty if none does yet
 */
record FirstBad(Cell cell, RunSummary good, RunSummary bad, Optional<RunSummary> again) {

    /** All first bad kernels, the newest first. */
    static List<FirstBad> of(List<RunSummary> newestFirst) {
        List<RunSummary> oldestFirst = new ArrayList<>(newestFirst);
        Collections.reverse(oldestFirst);
        Map<String, RunSummary> passed = new HashMap<>();
        Map<String, FirstBad> failing = new HashMap<>();
        List<FirstBad> all = new ArrayList<>();
        for (RunSummary run : oldestFirst) {
            String line = run.line();
            for (RunSummary.CellSummary one : run.cells()) {
                String key = line + " " + one.cell().id();
                if (one.verdict() == Verdict.PASS) {
                    passed.put(key, run);
                    FirstBad over = failing.remove(key);
                    if (over != null) {
                        all.set(
                                all.indexOf(over),
                                new FirstBad(over.cell(), over.good(), over.bad(), Optional.of(run)));
                    }
                } else if (one.verdict() == Verdict.FAIL && passed.containsKey(key) && !failing.containsKey(key)) {
                    FirstBad begins = new FirstBad(one.cell(), passed.get(key), run, Optional.empty());
                    failing.put(key, begins);
                    all.add(begins);
                }
            }
        }
        Collections.reverse(all);
        return all;
    }
}
