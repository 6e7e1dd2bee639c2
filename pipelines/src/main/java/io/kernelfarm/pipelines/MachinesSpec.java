package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.lease.Health;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.ipmi.Bmc;
import io.kernelfarm.bootmatrix.machine.ipmi.Password;
import io.kernelfarm.bootmatrix.machine.netboot.BootFolder;
import io.kernelfarm.bootmatrix.machine.netboot.BootPlace;
import io.kernelfarm.bootmatrix.machine.netboot.BootServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code machines.yaml}: the bare machines that a farm may use. What is left out has the value given here as a default. No
 * password is in it: each is in a file that only its owner can read, or in an environment variable.
 *
 * @param machines at least one
 * @param health how often each has to boot the control kernel
 * @param leases a folder in which the farms that share the machines agree on who has which; by default one of the user's own
 */
public record MachinesSpec(List<Bare> machines, HealthSpec health, String leases) {

    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9.-]+))(?::(\\d{1,5}))?");
    private static final int IPMI_PORT = 623;

    public MachinesSpec {
        require(machines != null && !machines.isEmpty(), "'machines' is empty; name at least one machine");
        machines = List.copyOf(machines);
        List<String> names = machines.stream().map(Bare::name).toList();
        require(names.stream().distinct().count() == names.size(), "'machines' has a name twice: " + names);
        health = health == null ? new HealthSpec(null, null) : health;
    }

    /** How often each machine has to boot the control kernel. */
    public Health.Policy policy() {
        return health.policy();
    }

    /**
     * A machine with a BMC that speaks IPMI 2.0.
     *
     * @param name as cells and specs have it
     * @param bmc its address, with a port if that is not 623
     * @param user of the BMC
     * @param boot how it finds boot files
     * @param firmware {@code bios}, which is the default, or {@code uefi}
     * @param console the serial line that its BMC shows
     */
    public record Bare(
            String name,
            String bmc,
            String user,
            PasswordSpec password,
            BootSpec boot,
            String firmware,
            ConsoleSpec console) {
        public Bare {
            require(
                    name != null && name.matches("[a-z][a-z0-9.-]{0,40}") && !name.equals("qemu"),
                    "machine '" + name + "' has no name of a-z 0-9 . - that starts with a letter and is not 'qemu'");
            require(
                    bmc != null && ADDRESS.matcher(bmc).matches(),
                    "machine '" + name + "' has no address of its BMC such as '10.0.0.5' or '10.0.0.5:623' in 'bmc'");
            require(user != null && !user.isEmpty(), "machine '" + name + "' has no 'user' of its BMC");
            require(
                    password != null,
                    "machine '" + name + "' has no 'password'; name a file or an environment variable: {file: FILE} or"
                            + " {env: NAME}");
            require(
                    boot != null,
                    "machine '" + name + "' has no 'boot'; say how it finds boot files: {serve: ADDRESS:PORT} or"
                            + " {folder: DIR}");
            firmware = firmware == null ? "bios" : firmware;
            console = console == null ? new ConsoleSpec(null, null) : console;
            require(
                    firmware.equals("bios") || firmware.equals("uefi"),
                    "machine '" + name + "' has unknown firmware '" + firmware + "'; there are bios, uefi");
        }

        /**
         * The way to its BMC.
         *
         * @param folder that names of files are relative to
         * @throws IOException if there is no password; one sentence
         */
        Bmc bmc(Path folder) throws IOException {
            Matcher address = ADDRESS.matcher(bmc);
            if (!address.matches()) {
                throw new IllegalStateException(bmc);
            }
            String host = address.group(1) == null ? address.group(2) : address.group(1);
            int port = address.group(3) == null ? IPMI_PORT : Integer.parseInt(address.group(3));
            return new Bmc(name, host, port, user, password.read(folder, System.getenv()));
        }
    }

    /**
     * A serial line.
     *
     * @param port 1 for COM1, which is the default, or 2
     * @param baud 115200 by default
     */
    public record ConsoleSpec(Integer port, Integer baud) {
        public ConsoleSpec {
            port = port == null ? SerialLine.FIRST.number() : port;
            baud = baud == null ? SerialLine.FIRST.baud() : baud;
            require(port == 1 || port == 2, "'console.port' is " + port + "; Xen knows COM1 and COM2: 1 or 2");
            require(
                    baud >= 9600 && baud <= 921600,
                    "'console.baud' is " + baud + ", which is not within 9600 to 921600");
        }

        SerialLine line() {
            return new SerialLine(port, baud);
        }
    }

    /**
     * Where a password is.
     *
     * @param file that holds it and nothing else, readable by its owner alone
     * @param env name of an environment variable
     */
    public record PasswordSpec(String file, String env) {
        public PasswordSpec {
            require(
                    (file == null) != (env == null),
                    "'password' names a file or an environment variable: {file: FILE} or {env: NAME}");
        }

        Password read(Path folder, Map<String, String> environment) throws IOException {
            return file != null ? Password.inFile(folder.resolve(file)) : Password.inEnvironment(env, environment);
        }
    }

    /**
     * How a machine finds boot files; its network's DHCP server names {@code boot.ipxe} there.
     *
     * @param serve address and port at which the farm serves them by HTTP while the machine is on, of this host
     * @param folder one that a TFTP or web server serves
     */
    public record BootSpec(String serve, String folder) {
        public BootSpec {
            require(
                    (serve == null) != (folder == null),
                    "'boot' says how boot files are found: {serve: ADDRESS:PORT} or {folder: DIR}");
            require(
                    serve == null || (ADDRESS.matcher(serve).matches() && serve.matches(".*:\\d{1,5}")),
                    "'boot.serve' is '" + serve + "', which is not an address and a port such as 10.0.0.1:8069");
        }

        BootPlace place(Path relativeTo) {
            if (folder != null) {
                return new BootFolder(relativeTo.resolve(folder));
            }
            Matcher address = ADDRESS.matcher(serve);
            if (!address.matches()) {
                throw new IllegalStateException(serve);
            }
            String host = address.group(1) == null ? address.group(2) : address.group(1);
            return new BootServer(new InetSocketAddress(host, Integer.parseInt(address.group(3))));
        }
    }

    /**
     * How often a machine has to show that it boots the control kernel.
     *
     * @param cells after so many cells at the latest; 100 by default
     * @param hours after so many hours at the latest; 24 by default
     */
    public record HealthSpec(Integer cells, Integer hours) {
        public HealthSpec {
            cells = cells == null ? Health.Policy.DEFAULT.cells() : cells;
            hours = hours == null ? (int) Health.Policy.DEFAULT.age().toHours() : hours;
            require(cells > 0 && hours > 0, "'health' has a number below 1; a machine is looked at now and then");
        }

        Health.Policy policy() {
            return new Health.Policy(cells, Duration.ofHours(hours));
        }
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
