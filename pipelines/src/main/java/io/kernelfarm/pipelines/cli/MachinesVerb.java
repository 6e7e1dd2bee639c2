package io.kernelfarm.pipelines.cli;

import io.kernelfarm.bootmatrix.lease.Leases;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.Json;
import io.kernelfarm.pipelines.MachinesPlace;
import io.kernelfarm.pipelines.MachinesSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm machines}. */
@Command(
        name = "machines",
        description = "Lists the machines of one's own: who has them, and which are set aside and why.",
        mixinStandardHelpOptions = true)
final class MachinesVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Option(names = "--restore", paramLabel = "NAME", description = "let farms use a machine again that was set aside")
    private String restore;

    @Option(names = "--set-aside", paramLabel = "NAME", description = "keep farms from using a machine; needs --reason")
    private String setAside;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why it is set aside, in one sentence")
    private String reason;

    /** A machine as it stands. */
    record Listed(String name, String address, String state, boolean checkDue) {}

    @Override
    public Integer call() throws IOException {
        MachinesPlace place = options.places().machines();
        MachinesSpec spec = place.read()
                .orElseThrow(() -> FarmException.usage(
                        "there is no list of machines " + place.file() + "; make it, or name one with --machines"));
        Leases leases = place.leases(spec);
        if (setAside != null && (reason == null || reason.isBlank())) {
            throw FarmException.usage("--set-aside needs a reason; say why with --reason");
        }
        if (setAside != null) {
            leases.setAside(known(spec, setAside), reason.strip());
        }
        if (restore != null) {
            leases.restore(known(spec, restore));
        }
        List<Listed> listed = new ArrayList<>();
        for (MachinesSpec.Entry entry : spec.machines()) {
            listed.add(
                    entry.fake() == null
                            ? listed(entry, leases.status(entry.name()), spec)
                            : new Listed(entry.name(), entry.address(), "boots nothing and proves nothing", false));
        }
        if (options.json()) {
            System.out.println(Json.text(listed));
        } else {
            for (Listed machine : listed) {
                System.out.printf(
                        "%-20s %-24s %s%s%n",
                        machine.name(),
                        machine.address(),
                        machine.state(),
                        machine.checkDue() ? "; it has to boot the control kernel first" : "");
            }
        }
        return 0;
    }

    private static String known(MachinesSpec spec, String name) {
        // Nobody has to wait for a fake one.
        List<String> names = spec.machines().stream()
                .filter(machine -> machine.fake() == null)
                .map(MachinesSpec.Entry::name)
                .toList();
        if (!names.contains(name)) {
            throw FarmException.usage("unknown machine '" + name + "'; there are " + String.join(", ", names));
        }
        return name;
    }

    private static Listed listed(MachinesSpec.Entry entry, Leases.Status status, MachinesSpec spec) {
        String state = status.holder()
                .map(holder -> "taken by process " + holder.pid() + " since " + holder.since())
                .orElse("free");
        if (status.aside().isPresent()) {
            state = "set aside since " + status.aside().get().since() + ": "
                    + status.aside().get().reason();
        }
        return new Listed(
                entry.name(),
                entry.address(),
                state,
                status.aside().isEmpty() && status.health().due(spec.policy(), Instant.now()));
    }
}
