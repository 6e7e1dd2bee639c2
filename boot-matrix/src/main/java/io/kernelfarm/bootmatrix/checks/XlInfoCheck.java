package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the toolstack is told of the host agrees with what the hypervisor said when it came up, and with what dom0's kernel says. */
final class XlInfoCheck implements Check {
    private static final Pattern BANNER = Pattern.compile("^\\(XEN\\) (?:\\[.*?\\] )?Xen version (\\S+)");
    private static final Pattern PROCESSORS = Pattern.compile("^\\(XEN\\) (?:\\[.*?\\] )?Brought up (\\d{1,6}) CPUs");
    private static final Pattern MEMORY = Pattern.compile("^\\(XEN\\) (?:\\[.*?\\] )?System RAM: (\\d{1,9})MB");

    /** MiB by which the whole memory may differ: firmware and hypervisor count what they keep differently. */
    private static final long MEMORY_TOLERANCE = 64;

    @Override
    public String name() {
        return "xl-info";
    }

    @Override
    public Optional<String> senselessIn(Mode mode) {
        return Guests.onlyDom0(mode);
    }

    @Override
    public Turn turn() {
        return Turn.AFTER_GUESTS;
    }

    @Override
    public Finding judge(Answers answers) {
        List<String> differences = new ArrayList<>();
        List<Evidence> evidence = new ArrayList<>();
        answers.everything().forEach(answer -> evidence.add(answer.line()));
        String asked = answers.watch().cell().hypervisor().replaceFirst("^xen-", "");
        String version = answers.get("xen_version").orElse("nothing");
        if (!version.equals(asked) && !version.startsWith(asked + ".")) {
            differences.add("xen_version is " + version + " under Xen " + asked);
        }
        differ(differences, "xen_version", version, "the hypervisor's banner", seen(BANNER, answers, evidence));
        differ(differences, "xen_version", version, "the kernel", answers.get("kernel-version"));
        differ(
                differences,
                "xen_caps",
                answers.get("xen_caps").orElse("nothing"),
                "the kernel",
                answers.get("kernel-caps"));
        differ(
                differences,
                "release",
                answers.get("release").orElse("nothing"),
                "uname",
                answers.get("kernel-release"));
        differ(
                differences,
                "nr_cpus",
                answers.get("nr_cpus").orElse("nothing"),
                "the hypervisor",
                seen(PROCESSORS, answers, evidence));
        memory(differences, answers, answers.get("hypervisor-memory").or(() -> seen(MEMORY, answers, evidence)));
        return differences.isEmpty()
                ? new Finding(Verdict.PASS, "", evidence)
                : new Finding(Verdict.FAIL, "xl info: " + String.join("; ", differences), evidence);
    }

    private static void differ(List<String> differences, String key, String said, String who, Optional<String> other) {
        String others = other.orElse("nothing").strip();
        if (!said.strip().equals(others)) {
            differences.add(key + " is '" + said.strip() + "', and " + who + " says '" + others + "'");
        }
    }

    private static void memory(List<String> differences, Answers answers, Optional<String> seen) {
        OptionalLong total = answers.number("total_memory");
        OptionalLong free = answers.number("free_memory");
        OptionalLong dom0 = answers.number("dom0-memory");
        if (total.isEmpty() || free.isEmpty() || dom0.isEmpty() || seen.isEmpty()) {
            differences.add("the memory cannot be read");
            return;
        }
        long machine = seen.filter(text -> text.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(0L);
        if (Math.abs(total.getAsLong() - machine) > MEMORY_TOLERANCE) {
            differences.add("total_memory is " + total.getAsLong() + " MiB, and the hypervisor found " + machine);
        }
        if (free.getAsLong() + dom0.getAsLong() > total.getAsLong()) {
            differences.add("free_memory is " + free.getAsLong() + " MiB beside dom0's " + dom0.getAsLong() + " of "
                    + total.getAsLong());
        }
    }

    /** What the hypervisor itself said on the console when it came up. */
    private static Optional<String> seen(Pattern pattern, Answers answers, List<Evidence> evidence) {
        Optional<Evidence> line = answers.watch().firstLine(pattern);
        line.ifPresent(evidence::add);
        return line.map(one -> {
            Matcher matcher = pattern.matcher(one.text());
            return matcher.find() ? matcher.group(1) : "";
        });
    }
}
