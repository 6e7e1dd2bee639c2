package io.kernelfarm.bootmatrix.checks;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.boot.BootWatch.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** dom0's backends served its guests: every device was connected on both sides, and data went through disk and network both ways. */
final class BackendsCheck implements Check {
    static final String NAME = "backends";

    /** XenbusStateConnected of Xen's public/io/xenbus.h, on both sides. */
    private static final String CONNECTED = "4/4";

    /** The guest, the device as sysfs calls it, its states in xenstore, and what went through (see host.sh). */
    private static final Pattern SERVED =
            Pattern.compile("(\\S+) ((?:vbd|vif)-\\d+-\\d+) states=(\\S*) in=(\\d{1,18}) out=(\\d{1,18})");

    private static final class Traffic {
        private long in;
        private long out;
    }

    @Override
    public String name() {
        return NAME;
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
        List<Answer> served = answers.all("served");
        Map<String, Traffic> traffic = new TreeMap<>();
        for (Answer answer : served) {
            Matcher device = SERVED.matcher(answer.value());
            if (!device.matches()) {
                return Finding.failed("a backend cannot be read: " + answer.value(), List.of(answer));
            }
            if (!device.group(3).equals(CONNECTED)) {
                return Finding.failed(
                        "backend " + device.group(2) + " of " + device.group(1) + " is in states " + device.group(3)
                                + " instead of " + CONNECTED,
                        List.of(answer));
            }
            // Some disks are only read: what counts is what went through all of a guest's.
            for (String kind : List.of("vbd", "vif")) {
                Traffic one = traffic.computeIfAbsent(device.group(1) + "'s " + kind, each -> new Traffic());
                if (device.group(2).startsWith(kind)) {
                    one.in += Long.parseLong(device.group(4));
                    one.out += Long.parseLong(device.group(5));
                }
            }
        }
        String reason = served.isEmpty() ? "no guest came so far as to use its disk and its network" : "";
        for (Map.Entry<String, Traffic> one : traffic.entrySet()) {
            if (one.getValue().in == 0 || one.getValue().out == 0) {
                reason = "nothing went " + (one.getValue().in == 0 ? "in" : "out") + " through " + one.getKey();
            }
        }
        return Finding.of(reason, served);
    }
}
