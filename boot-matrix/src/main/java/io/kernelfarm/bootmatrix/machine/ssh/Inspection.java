package io.kernelfarm.bootmatrix.machine.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Xen host says of itself; see {@code inspect.sh}.
 *
 * @param xen its version, for example {@code 4.17.4}
 * @param dom0 release of its dom0's kernel
 * @param kinds of guests that it can make: {@code pv}, {@code hvm} (xl(1), info, virt_caps)
 * @param freeMib memory that no domain has
 * @param diskKib what is free where the folders of boots are
 */
record Inspection(String xen, String dom0, Set<String> kinds, long freeMib, long diskKib) {

    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long LOOK_AGAIN_MILLIS = 2000;

    /** A domain of a boot that ended long ago cannot be ended. */
    static final class LeftDomainException extends IOException {
        private static final long serialVersionUID = 1;

        LeftDomainException(String message) {
            super(message);
        }
    }

    /**
     * Inspects {@code host}, and removes what boots left there whose farm is no more.
     *
     * @param script {@code inspect.sh} with what it needs
     * @param others how long to wait for another farm's boot, which may have lost its farm and be about to end
     * @throws IOException one sentence on why it is no host for guests now
     */
    static Inspection of(SshHost host, SshConnection connection, Path script, Duration others) throws IOException {
        long end = System.nanoTime() + others.toNanos();
        while (true) {
            SshConnection.Outcome outcome = connection.run("exec sh -s", script, PATIENCE);
            Map<String, String> said = new LinkedHashMap<>();
            for (String line : outcome.text().lines().toList()) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    said.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
            Optional<String> trouble = trouble(host, said);
            if (trouble.isPresent()) {
                throw new IOException(host.of(trouble.get()));
            }
            if (said.containsKey("left")) {
                throw new LeftDomainException(
                        host.of("the domain '" + said.get("left").strip()
                                + "' of an earlier boot cannot be ended; end it by hand with 'xl destroy'"));
            }
            if (!said.containsKey("busy")) {
                return of(host, said, outcome.errors());
            }
            if (System.nanoTime() > end) {
                throw new IOException(host.of("another farm is using it, in the folder " + said.get("busy")
                        + "; wait until that one is done"));
            }
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(host.of("interrupted while another farm was using it"), e);
            }
        }
    }

    private static Optional<String> trouble(SshHost host, Map<String, String> said) {
        String uid = said.getOrDefault("uid", "0");
        if (!uid.equals("0")) {
            return Optional.of("user '" + host.user() + "' is not root there, and only root makes domains; name"
                    + " another 'user'");
        }
        String machine = said.getOrDefault("machine", "x86_64");
        if (!machine.equals("x86_64")) {
            return Optional.of("it is a host of architecture " + machine + ", and the farm's guests are of x86_64");
        }
        if (said.containsKey("xl")) {
            return Optional.of(
                    said.get("xl").equals("missing")
                            ? "there is no program 'xl' on the host; install its Xen toolstack (Debian's xen-utils)"
                            : "'xl info' fails on the host (" + said.get("xl")
                                    + "); see that it was booted with Xen and that xenstored runs");
        }
        if (said.containsKey("folder")) {
            return Optional.of("the folder " + host.folder() + " cannot be made there (" + said.get("folder")
                    + "); name another in 'folder'");
        }
        String network = said.getOrDefault("network", "");
        return network.isEmpty() || said.containsKey("busy")
                ? Optional.empty()
                : Optional.of("the host has an address in 10.99.0.0/16, where guests have theirs: " + network.strip());
    }

    private static Inspection of(SshHost host, Map<String, String> said, String errors) throws IOException {
        Matcher version = VERSION.matcher(said.getOrDefault("xen.xen_version", ""));
        if (!version.lookingAt() || !said.containsKey("done")) {
            throw new IOException(host.of("it does not say what it is: "
                    + SshConnection.lastLine(errors, "'xl info' tells no version of Xen")));
        }
        return new Inspection(
                said.get("xen.xen_version"),
                said.get("done"),
                Set.copyOf(
                        List.of(said.getOrDefault("xen.virt_caps", "pv").strip().split("\\s+", -1))),
                number(said, "free-mib"),
                number(said, "disk-kib"));
    }

    private static long number(Map<String, String> said, String key) {
        String text = said.getOrDefault(key, "").strip();
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** As cells have it, for example {@code xen-4.17}. */
    String hypervisor() {
        Matcher version = VERSION.matcher(xen);
        if (!version.lookingAt()) {
            throw new IllegalStateException(xen);
        }
        return "xen-" + version.group();
    }
}
