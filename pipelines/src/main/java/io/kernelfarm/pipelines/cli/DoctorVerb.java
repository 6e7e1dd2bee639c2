package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.Doctor;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code farm doctor}. */
@Command(
        name = "doctor",
        description = "Says what the farm needs of this machine, and whether it is there.",
        mixinStandardHelpOptions = true)
final class DoctorVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Override
    public Integer call() {
        List<Doctor.Finding> findings = Doctor.examine(options.places());
        if (options.json()) {
            System.out.println(Json.text(findings));
        } else {
            for (Doctor.Finding finding : findings) {
                System.out.printf(
                        "%-8s %-26s %-40s %s%n",
                        finding.good() ? "ok" : "MISSING", finding.name(), finding.found(), finding.need());
            }
        }
        return findings.stream().allMatch(Doctor.Finding::good) ? 0 : FarmException.Blame.FARM.exitCode();
    }
}
