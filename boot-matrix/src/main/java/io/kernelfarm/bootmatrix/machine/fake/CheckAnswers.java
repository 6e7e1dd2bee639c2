package io.kernelfarm.bootmatrix.machine.fake;

import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.report.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * What a system in which all is well answers to each check; the scripts that ask are {@code initramfs/checks/NAME.sh}.
 *
 * @param release as {@code uname -r} prints it
 * @param nonce by which the system's answers are known
 * @param xen the hypervisor's version; empty on a bare machine
 * @param served names of the guests that this dom0 has
 */
record CheckAnswers(Mode mode, String release, String nonce, String xen, List<String> served) {

    /** Memory of the machine, in MiB, as hypervisor and toolstack agree on it. */
    static final int MACHINE_MIB = 2048;

    private static final String PINGS = "3 packets transmitted, 3 packets received, 0% packet loss";
    private static final String CAPABILITIES = "xen-3.0-x86_64 hvm-3.0-x86_64";

    /** Each as {@code KEY=VALUE}. */
    List<String> inside(String check) {
        return switch (check) {
            case "disk" -> disk();
            case "network" -> List.of("driver=" + (mode == Mode.HVM ? "e1000" : "vif"), "out=" + PINGS);
            case "clock" -> List.of("look=5.10 1700000000", "look=5.30 1700000000", "look=5.50 1700000001");
            case "balloon" -> List.of("before=240000", "down=174464", "up=240000");
            case "vcpu" -> List.of("before=0-1", "unplugged=0", "plugged=0-1");
            case "save-restore", "migrate" -> List.of("before=5.10", "after=6.10", "kept=" + nonce);
            case "soak" -> List.of("until=35.10");
            case "reboot" -> List.of("order=reboot", "again=yes");
            case "shutdown" -> List.of("order=poweroff");
            case "backends" -> backends();
            case "xl-info" -> xlInfo();
            case "leaks" -> List.of("grant-tables=1", "free-before=555", "free-after=555");
            default -> List.of();
        };
    }

    /** What dom0 says of a guest that is asked {@code check}, each as {@code KEY=VALUE}. */
    static List<String> ofDom0(String check) {
        return switch (check) {
            case "network" -> List.of("in=" + PINGS);
            case "save-restore", "migrate" -> List.of("done=yes");
            // The reasons of Xen's public/sched.h.
            case "reboot" -> List.of("reason=1");
            case "shutdown" -> List.of("reason=0");
            default -> List.of();
        };
    }

    private List<String> disk() {
        String written = Digest.sha256("written to the disk of " + nonce);
        List<String> answers = new ArrayList<>(List.of("written=" + written, "read=" + written));
        if (mode == Mode.PVHVM) {
            answers.add("present=xvdb driver=vbd");
        }
        return answers;
    }

    private List<String> backends() {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < served.size(); i++) {
            String states = " states=4/4 in=8 out=9";
            answers.add("served=" + served.get(i) + " vbd-" + (i + 1) + "-51728" + states);
            answers.add("served=" + served.get(i) + " vif-" + (i + 1) + "-0" + states);
        }
        return answers;
    }

    private List<String> xlInfo() {
        return List.of(
                "release=" + release,
                "kernel-release=" + release,
                "nr_cpus=1",
                "total_memory=" + MACHINE_MIB,
                "free_memory=512",
                "dom0-memory=1024",
                "xen_version=" + xen,
                "kernel-version=" + xen,
                "xen_caps=" + CAPABILITIES,
                "kernel-caps=" + CAPABILITIES);
    }
}
