package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.lease.Health;
import io.kernelfarm.bootmatrix.machine.FakeMachine;
import io.kernelfarm.bootmatrix.machine.Machine;
import io.kernelfarm.bootmatrix.machine.SerialLine;
import io.kernelfarm.bootmatrix.machine.fake.Rehearsal;
import io.kernelfarm.bootmatrix.machine.ipmi.Bmc;
import io.kernelfarm.bootmatrix.machine.ipmi.Password;
import io.kernelfarm.bootmatrix.machine.netboot.BootFolder;
import io.kernelfarm.bootmatrix.machine.netboot.BootPlace;
import io.kernelfarm.bootmatrix.machine.netboot.BootServer;
import io.kernelfarm.bootmatrix.machine.ssh.SshHost;
import io.kernelfarm.bootmatrix.xen.XenHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code machines.yaml}: the machines of one's own that a farm may use. What is left out has the value given here as a default. No
 * password is in it: each is in a file that only its owner can read, or in an environment variable.
 *
 * @param machines at least one
 * @param health how often each has to boot the control kernel
 * @param leases a folder in which the farms that share the machines agree on who has which; by default one of the user's own
 */
public record MachinesSpec(List<Entry> machines, HealthSpec health, String leases) {

    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9.-]+))(?::(\\d{1,5}))?");
    private static final int IPMI_PORT = 623;

    public MachinesSpec {
        require(machines != null && !machines.isEmpty(), "'machines' is empty; name at least one machine");
        machines = List.copyOf(machines);
        List<String> names = machines.stream().map(Entry::name).toList();
        require(names.stream().distinct().count() == names.size(), "'machines' has a name twice: " + names);
        health = health == null ? new HealthSpec(null, null) : health;
    }

    /** How often each machine has to boot the control kernel. */
    public Health.Policy policy() {
        return health.policy();
    }

    /**
     * A machine: a bare one with a BMC that speaks IPMI 2.0, a Xen host that stands, or a fake one.
     *
     * @param name as cells and specs have it
     * @param ssh the way to a Xen host that stands; the others are for bare machines
     * @param bmc its address, with a port if that is not 623
     * @param user of the BMC
     * @param boot how it finds boot files
     * @param firmware {@code bios}, which is the default, or {@code uefi}
     * @param console the serial line that its BMC shows
     * @param fake what a machine plays that boots nothing; its name is {@code fake} or begins with {@code fake-}, and no other's does
     */
    public record Entry(
            String name,
            String bmc,
            String user,
            PasswordSpec password,
            BootSpec boot,
            String firmware,
            ConsoleSpec console,
            SshSpec ssh,
            FakeSpec fake) {
        public Entry {
            require(
                    name != null && name.matches("[a-z][a-z0-9.-]{0,40}") && !name.equals("qemu"),
                    "machine '" + name + "' has no name of a-z 0-9 . - that starts with a letter and is not 'qemu'");
            boolean saysFake = Cell.isFake(name);
            require(
                    fake == null || saysFake,
                    "machine '" + name + "' is fake, which its name has to say wherever it stands; call it 'fake' or"
                            + " 'fake-" + name + "'");
            require(
                    fake != null || !saysFake,
                    "machine '" + name
                            + "' has the name of a fake one, and no 'fake'; add 'fake: {}', or give it another"
                            + " name");
            if (fake != null) {
                require(
                        bmc == null
                                && user == null
                                && password == null
                                && boot == null
                                && console == null
                                && firmware == null
                                && ssh == null,
                        "machine '" + name + "' has 'fake', which is all that a fake machine has; leave the rest out");
            } else if (ssh == null) {
                requireBare(name, bmc, user, password, boot);
            } else {
                require(
                        bmc == null
                                && user == null
                                && password == null
                                && boot == null
                                && console == null
                                && (firmware == null || firmware.equals("bios")),
                        "machine '" + name
                                + "' has 'ssh', which is all that a standing Xen host has; leave the rest out");
            }
            firmware = firmware == null ? "bios" : firmware;
            console = console == null ? new ConsoleSpec(null, null) : console;
            require(
                    firmware.equals("bios") || firmware.equals("uefi"),
                    "machine '" + name + "' has unknown firmware '" + firmware + "'; there are bios, uefi");
        }

        private static void requireBare(String name, String bmc, String user, PasswordSpec password, BootSpec boot) {
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
        }

        /** What it is reached at, for people. */
        public String address() {
            if (fake != null) {
                return "fake";
            }
            return ssh == null ? bmc : "ssh " + ssh.address();
        }

        /**
         * The way to its BMC.
         *
         * @param secrets finds the file of a name
         * @throws IOException if there is no password; one sentence
         */
        Bmc bmc(Function<String, Path> secrets) throws IOException {
            Matcher address = ADDRESS.matcher(bmc);
            if (!address.matches()) {
                throw new IllegalStateException(bmc);
            }
            String host = address.group(1) == null ? address.group(2) : address.group(1);
            int port = address.group(3) == null ? IPMI_PORT : Integer.parseInt(address.group(3));
            return new Bmc(name, host, port, user, password.read(secrets, System.getenv()));
        }
    }

    /**
     * What a fake machine plays: kernels that pass everywhere, but for these cells, by their names, in which {@code *} stands for anything.
     *
     * @param fail cells in which the kernel panics
     * @param silent cells in which it never says a word
     * @param flaky cells in which it panics the first time
     */
    public record FakeSpec(List<String> fail, List<String> silent, List<String> flaky) {
        public FakeSpec {
            fail = cells(fail);
            silent = cells(silent);
            flaky = cells(flaky);
        }

        private static List<String> cells(List<String> patterns) {
            List<String> cells = patterns == null ? List.of() : List.copyOf(patterns);
            for (String pattern : cells) {
                require(
                        pattern.matches("[a-z0-9.*-]+"),
                        "'fake' has '" + pattern
                                + "', which is no name of cells such as pvhvm-* or metal-none-bios-fake");
            }
            return cells;
        }

        Machine machine(String name) {
            return new FakeMachine(new Rehearsal(name, new Rehearsal.Faults(fail, silent, flaky)));
        }
    }

    /**
     * The way to a standing Xen host.
     *
     * @param host name or address of its SSH server
     * @param port 22 by default
     * @param user root by default, which it has to be one way or another
     * @param identity file with a private key that the server knows
     * @param knownhosts file that has the server's key, as ssh has it
     * @param hostkey the server's key itself, as it stands in {@code /etc/ssh/ssh_host_ed25519_key.pub}, in place of such a file
     * @param folder where each boot has a folder of its own while it lasts; {@code /var/tmp/kernel-farm} by default
     * @param memory MiB that all guests may have at the same time; 2048 by default
     */
    public record SshSpec(
            String host,
            Integer port,
            String user,
            String identity,
            String knownhosts,
            String hostkey,
            String folder,
            Integer memory) {
        public SshSpec {
            require(
                    host != null && host.matches("[A-Za-z0-9][A-Za-z0-9.-]*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*"),
                    "'ssh.host' is " + (host == null ? "missing" : "'" + host + "'")
                            + "; name the host or its address, such as 10.0.0.7");
            port = port == null ? 22 : port;
            require(port >= 1 && port <= 65535, "'ssh.port' is " + port + ", which is no TCP port");
            user = user == null ? "root" : user;
            require(
                    user.matches("[A-Za-z_][A-Za-z0-9_.-]*"),
                    "'ssh.user' is '" + user + "', which is no name of a user");
            require(
                    identity != null && !identity.isBlank(),
                    "'ssh.identity' is missing; name the file with the private key, which has no passphrase");
            require(
                    (knownhosts == null) != (hostkey == null),
                    "'ssh' says how the host is known: 'hostkey' with its public key, or 'knownhosts' with a file that"
                            + " has it");
            require(
                    hostkey == null || hostkey.matches("[a-z0-9@.-]+ [A-Za-z0-9+/=]{40,}( .*)?"),
                    "'ssh.hostkey' is not a public key such as 'ssh-ed25519 AAAA…'");
            folder = folder == null ? "/var/tmp/kernel-farm" : folder;
            require(
                    folder.matches("(/[A-Za-z0-9._-]+)+") && !(folder + "/").contains("/../"),
                    "'ssh.folder' is '" + folder + "', which is not an absolute path of A-Z a-z 0-9 . _ - /");
            memory = memory == null ? 2048 : memory;
            require(
                    memory >= XenHost.guestMib(),
                    "'ssh.memory' is " + memory + " MiB, and one guest takes " + XenHost.guestMib());
        }

        String address() {
            return port == 22 ? host : host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
        }

        /**
         * The host of machine {@code name}.
         *
         * @param secrets finds the file of a name
         */
        SshHost at(String name, Function<String, Path> secrets) {
            return new SshHost(
                    name,
                    host,
                    port,
                    user,
                    secrets.apply(identity),
                    hostkey != null
                            ? new SshHost.HostKey.Pinned(hostkey)
                            : new SshHost.HostKey.InFile(secrets.apply(knownhosts)),
                    folder,
                    memory);
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
            port = port == null ? 1 : port;
            baud = baud == null ? 115200 : baud;
            require(port == 1 || port == 2, "'console.port' is " + port + "; Xen knows COM1 and COM2: 1 or 2");
            require(
                    baud >= 9600 && baud <= 921600,
                    "'console.baud' is " + baud + ", which is not within 9600 to 921600");
        }

        SerialLine line() {
            return SerialLine.com(port, baud);
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

        Password read(Function<String, Path> secrets, Map<String, String> environment) throws IOException {
            return file != null ? Password.inFile(secrets.apply(file)) : Password.inEnvironment(env, environment);
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
