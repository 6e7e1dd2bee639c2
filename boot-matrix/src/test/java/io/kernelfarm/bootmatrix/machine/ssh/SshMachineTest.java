package io.kernelfarm.bootmatrix.machine.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.machine.BootMedia;
import io.kernelfarm.bootmatrix.machine.MachineEvent;
import io.kernelfarm.bootmatrix.machine.PoweredMachine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real sshd and a toolstack that plays what is asked of it; real Xen is behind RealStandingHostTest's. */
class SshMachineTest {

    private static final Duration SILENCE = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> INFO = Map.of(
            "xen_version", "4.17.5-pre", "virt_caps", "pv hvm hap", "free_memory", "4000", "total_memory", "8000");

    @TempDir
    private Path folder;

    private Path work;
    private LocalSshd sshd;

    @BeforeEach
    void startServer() throws Exception {
        work = folder.resolve("work");
        sshd = LocalSshd.start(folder.resolve("sshd"));
        sshd.program("id", "echo 0");
        sshd.xl(INFO);
    }

    @AfterEach
    void stopServer() throws Exception {
        sshd.close();
    }

    private SshHost host() throws IOException {
        return host(sshd.port(), sshd.identity(), new SshHost.HostKey.Pinned(sshd.hostKey()));
    }

    private SshHost host(int port, Path identity, SshHost.HostKey key) {
        return new SshHost(
                "lab1", "127.0.0.1", port, System.getProperty("user.name"), identity, key, work.toString(), 2048);
    }

    private SshMachine machine() throws IOException {
        return SshMachine.at(host(), SILENCE);
    }

    private void refused(SshHost host, String message) {
        assertThatThrownBy(() -> SshMachine.at(host, SILENCE))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("machine 'lab1': " + message);
    }

    // ---- the way to it ----

    @Test
    void saysWhatItIsAndWhatItCannotBoot() throws Exception {
        SshMachine machine = machine();

        assertThat(machine.standing()).contains("xen-4.17");
        assertThat(machine.description())
                .matches("Xen host 'lab1' behind its SSH server at 127\\.0\\.0\\.1:\\d+, Xen 4\\.17\\.5-pre, dom0"
                        + " Linux \\S+");
        assertThat(machine.guestsMib()).isEqualTo(2048);
        assertThat(machine.obstacle(cell(Mode.PV, "xen-4.17", "bios"))).isEmpty();
        assertThat(machine.obstacle(cell(Mode.PVHVM, "xen-4.17", "bios"))).isEmpty();
        assertThat(machine.obstacle(cell(Mode.PV, "xen-4.20", "bios")))
                .contains("machine 'lab1': it runs Xen 4.17.5-pre, and the cell asks for xen-4.20");
        assertThat(machine.obstacle(cell(Mode.METAL, "none", "bios")))
                .contains("machine 'lab1' is a standing Xen host, which boots guests only");
        assertThat(machine.obstacle(cell(Mode.DOM0_PVH, "xen-4.17", "bios"))).isPresent();
        assertThat(machine.obstacle(cell(Mode.PV, "xen-4.17", "uefi"))).isPresent();

        sshd.xl(Map.of("xen_version", "4.17.5", "virt_caps", "pv", "free_memory", "4000"));
        assertThat(machine().obstacle(cell(Mode.PVH, "xen-4.17", "bios")))
                .contains("machine 'lab1': its hypervisor can make no domains of the kind hvm, as 'xl info' says in"
                        + " virt_caps");
    }

    private static Cell cell(Mode mode, String hypervisor, String firmware) {
        return new Cell(mode, hypervisor, firmware, "lab1", true);
    }

    @Test
    void trustsNoOtherHostKey() throws Exception {
        LocalSshd.key(folder.resolve("other"));
        String[] other = Files.readString(folder.resolve("other.pub")).split(" ", -1);
        refused(
                host(sshd.port(), sshd.identity(), new SshHost.HostKey.Pinned(other[0] + " " + other[1])),
                "its SSH server at 127\\.0\\.0\\.1:\\d+ shows another host key than the one that 'hostkey' says; find"
                        + " out why before it is trusted");

        Path known = Files.writeString(folder.resolve("known hosts"), "");
        SshHost.HostKey inFile = new SshHost.HostKey.InFile(known);
        refused(
                host(sshd.port(), sshd.identity(), inFile),
                "its SSH server at 127\\.0\\.0\\.1:\\d+ has no key in " + known
                        + "; ask its administrator for the host's public key, and put it there");

        Files.writeString(known, "[127.0.0.1]:" + sshd.port() + " " + sshd.hostKey() + "\n");
        assertThat(SshMachine.at(host(sshd.port(), sshd.identity(), inFile), SILENCE)
                        .standing())
                .contains("xen-4.17");
    }

    @Test
    void saysWhyThereIsNoConnection() throws Exception {
        SshHost.HostKey key = new SshHost.HostKey.Pinned(sshd.hostKey());
        Path stranger = folder.resolve("stranger");
        LocalSshd.key(stranger);
        refused(
                host(sshd.port(), stranger, key),
                "its SSH server at 127\\.0\\.0\\.1:\\d+ refuses user '\\w+' with the key in " + stranger
                        + "; the key must have no passphrase, and its public half has to be among that user's authorized"
                        + " keys there");
        Path missing = folder.resolve("missing");
        refused(
                host(sshd.port(), missing, key),
                "there is no key file " + missing + " that can be read; make it, or name another");
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        refused(
                host(closed, sshd.identity(), key),
                "its SSH server at 127\\.0\\.0\\.1:\\d+ cannot be reached \\(.*Connection refused\\); see that it runs,"
                        + " and that this is its address");
    }

    @Test
    void saysWhyItIsNoHostForGuests() throws Exception {
        sshd.program(
                "xl", "echo 'xencall: error: Could not obtain handle on privileged command interface' >&2; exit 1");
        refused(
                host(),
                "'xl info' fails on the host \\(xencall: error: Could not obtain handle on privileged command"
                        + " interface\\); see that it was booted with Xen and that xenstored runs");
        sshd.program("id", "echo 1000");
        refused(host(), "user '\\w+' is not root there, and only root makes domains; name another 'user'");
        sshd.program("id", "echo 0");
        Files.delete(sshd.calls().resolveSibling("bin").resolve("xl"));
        refused(host(), "there is no program 'xl' on the host; install its Xen toolstack \\(Debian's xen-utils\\)");
        sshd.xl(INFO);
        Files.writeString(work, "a file where the folder is to be");
        refused(host(), "the folder " + work + " cannot be made there \\(.*\\); name another in 'folder'");
    }

    // ---- boots ----

    /** Sends what it is asked to, and ends as ground.sh does. */
    private static final String[] OBEDIENT = {
        "echo guest says hello",
        "while :; do",
        "  case $(dd bs=1 count=1 2> /dev/null) in",
        "    .) ;;",
        "    q) echo written by a guest > disks/b; echo farm:ab12:cleared ;;",
        "    *) break ;;",
        "  esac",
        "done",
        "cd /; rm -rf $OLDPWD"
    };

    private BootMedia media(int memoryMib, String... script) throws IOException {
        Path tar = folder.resolve("payload.tar");
        try (OutputStream out = Files.newOutputStream(tar);
                TarArchiveOutputStream archive = new TarArchiveOutputStream(out)) {
            put(archive, "busybox", Files.readAllBytes(Path.of("/bin/busybox")));
            put(archive, "host.sh", String.join("\n", script).getBytes(StandardCharsets.UTF_8));
        }
        Path data = Files.writeString(folder.resolve("data"), "as it was");
        return new BootMedia(
                tar,
                "farm.nonce=ab12",
                tar,
                Optional.empty(),
                List.of(new BootMedia.Disk(tar, false), new BootMedia.Disk(data, true)),
                memoryMib);
    }

    private static void put(TarArchiveOutputStream archive, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        archive.putArchiveEntry(entry);
        archive.write(content);
        archive.closeArchiveEntry();
    }

    @Test
    void runsWhatItIsGivenAndLeavesNothing() throws Exception {
        try (PoweredMachine powered = machine().powerOn(media(320, OBEDIENT), folder.resolve("log"))) {
            assertThat(powered.next(PATIENCE)).isEqualTo(new MachineEvent.Line(1, "guest says hello"));
            assertThat(work.resolve("farm-ab12/disks/b")).hasContent("as it was");
            assertThat(work.resolve("farm-ab12/owner")).content().matches("\\d+ \\d+ \\S+\n");
        }
        assertThat(folder.resolve("data")).hasContent("written by a guest");
        assertThat(work).isEmptyDirectory();
        assertThat(folder.resolve("log")).content().contains("guest says hello");
    }

    @Test
    void aConnectionThatBreaksIsTheFarmsFault() throws Exception {
        try (PoweredMachine powered = machine().powerOn(media(320, OBEDIENT), folder.resolve("log"))) {
            powered.next(PATIENCE);
            sshd.cut();
            assertThat(stop(powered))
                    .matches("machine 'lab1': the connection to its SSH server at 127\\.0\\.0\\.1:\\d+ broke off; see"
                            + " that the host is well and the network is");
        }
        awaitEmpty(work); // By itself: nobody was there to tell it.
    }

    @Test
    void aScriptThatEndsSaysWhy() throws Exception {
        try (PoweredMachine powered =
                machine().powerOn(media(320, "echo it went wrong >&2; exit 3"), folder.resolve("log"))) {
            assertThat(stop(powered)).isEqualTo("machine 'lab1': the farm's part on the host ended: it went wrong");
        }
    }

    private static String stop(PoweredMachine powered) throws InterruptedException {
        while (true) {
            MachineEvent event = powered.next(PATIENCE);
            assertThat(event).isNotNull();
            if (event instanceof MachineEvent.Stopped stopped) {
                assertThat(stopped.orderly()).isFalse();
                return stopped.detail();
            }
        }
    }

    private static void awaitEmpty(Path folder) throws Exception {
        for (int tries = 0; folder.toFile().list().length > 0; tries++) {
            assertThat(tries).isLessThan(300);
            Thread.sleep(100);
        }
    }

    @Test
    void tooLittleRoomIsSaidBeforeAnythingIsCopied() throws Exception {
        SshMachine machine = machine();
        noRoom(
                machine,
                media(5000),
                "the guests need 5000 MiB, and the list of machines allows 2048 MiB; raise 'memory' there");
        sshd.xl(Map.of("xen_version", "4.17.5", "virt_caps", "pv hvm", "free_memory", "100"));
        noRoom(
                machine,
                media(320),
                "the guests need 320 MiB, and the host has 100 MiB free; end domains there, or give its dom0 less"
                        + " \\(dom0_mem\\)");
        sshd.xl(INFO);
        BootMedia huge = media(320);
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("data").toFile(), "rw")) {
            file.setLength(8L << 40); // All of it a hole.
        }
        noRoom(
                machine,
                huge,
                "the guests' files take 83886\\d\\d MiB, and " + work
                        + " on the host has \\d+ MiB free; make room there");
        sshd.xl(Map.of("xen_version", "4.20.0", "virt_caps", "pv hvm", "free_memory", "4000"));
        noRoom(machine, media(320), "it runs Xen 4\\.20\\.0 now, and ran 4\\.17\\.5-pre before");
        assertThat(work).isEmptyDirectory();
    }

    private void noRoom(SshMachine machine, BootMedia media, String message) {
        assertThatThrownBy(() -> machine.powerOn(media, folder.resolve("log")))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("machine 'lab1': " + message);
    }

    // ---- what others left, and what others have ----

    @Test
    void whatADeadBootLeftIsRemovedAndNothingElse() throws Exception {
        Path dead = Files.createDirectories(work.resolve("farm-dead"));
        Files.writeString(dead.resolve("owner"), "1 1 no-such-boot\n");
        Files.createDirectories(work.resolve("farm-half")); // It died before it said who it was.
        Files.writeString(sshd.domains(), """
                Domain-0 0 1024 1 r----- 5.0
                farm-dead-pv-xen 7 256 1 -b---- 1.0
                farm-deadly 8 256 1 -b---- 1.0
                web1 9 256 1 -b---- 1.0
                """);

        machine();

        assertThat(work).isEmptyDirectory();
        assertThat(sshd.calls()).hasContent("destroy 7");
        assertThat(sshd.domains()).content().contains("farm-deadly 8").contains("web1 9");
    }

    @Test
    void aDomainThatCannotBeEndedIsTrouble() throws Exception {
        SshMachine machine = machine();
        Path dead = Files.createDirectories(work.resolve("farm-dead"));
        Files.writeString(dead.resolve("owner"), "1 1 no-such-boot\n");
        sshd.program(
                "xl",
                "case $1 in",
                "  info) cat " + sshd.domains().resolveSibling("info") + " ;;",
                "  list) echo Name; echo farm-dead-pv 7 ;;",
                "esac");
        sshd.program("sleep", ":");

        String trouble =
                "machine 'lab1': the domain '7 farm-dead-pv' of an earlier boot cannot be ended; end it by hand"
                        + " with 'xl destroy'";
        assertThatThrownBy(() -> machine.powerOn(media(320, OBEDIENT), folder.resolve("log")))
                .hasMessage(trouble);
        assertThat(machine.trouble()).contains(trouble);
        assertThat(dead).exists();
    }

    @Test
    void anotherFarmsBootIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "1000").start();
        try {
            Path theirs = Files.createDirectories(work.resolve("farm-cd34"));
            String stat = Files.readString(Path.of("/proc/" + other.pid() + "/stat"));
            Files.writeString(
                    theirs.resolve("owner"),
                    other.pid() + " " + stat.split(" ", -1)[21] + " "
                            + Files.readString(Path.of("/proc/sys/kernel/random/boot_id")));

            refused(
                    host(),
                    "another farm is using it, in the folder " + theirs.toRealPath() + "; wait until that one is done");
            assertThat(theirs.resolve("owner")).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }
        machine();
        assertThat(work).isEmptyDirectory();
    }
}
