package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.openpgp.SigningKey;
import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.machine.Acceleration;
import io.kernelfarm.bootmatrix.machine.QemuMachine;
import io.kernelfarm.pipelines.builder.Engine;
import io.kernelfarm.pipelines.builder.EngineSocket;
import io.kernelfarm.pipelines.builder.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what the farm needs of this machine, and whether it is there. */
public final class Doctor {

    private static final long DISK_BYTES = 8_000_000_000L;
    private static final long MEMORY_BYTES = 4_000_000_000L;
    private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9][^\\s,)]*");

    /**
     * One finding.
     *
     * @param name of the tool or resource
     * @param need what the farm uses it for, or how much it needs
     * @param found its version, how much there is, or what is wrong
     * @param good whether it will do
     */
    public record Finding(String name, String need, String found, boolean good) {}

    private record Tool(String name, String question, String need) {}

    private static final List<Tool> TOOLS = List.of(
            new Tool("gcc", "--version", "compiles the kernel"),
            new Tool("ld", "--version", "links the kernel"),
            new Tool("make", "--version", "drives the kernel's build"),
            new Tool("ccache", "--version", "remembers compiler results"),
            new Tool("flex", "--version", "the kernel's configuration language"),
            new Tool("bison", "--version", "the kernel's configuration language"),
            new Tool("bc", "--version", "the kernel's time constants"),
            new Tool("xz", "--version", "compresses the kernel's image"),
            new Tool("tar", "--version", "unpacks the source"),
            new Tool("git", "--version", "fetches the source, and reads the history that is bisected"),
            new Tool("curl", "--version", "downloads the source"),
            new Tool("patch", "--version", "changes the source"),
            new Tool("apt-get", "--version", "fetches the source"),
            new Tool("dpkg-deb", "--version", "unpacks the source's package"),
            new Tool("qemu-system-x86_64", "--version", "emulates machines"),
            new Tool("mmdebstrap", "--version", "makes dom0's root file system"),
            new Tool("mke2fs", "-V", "makes disk images"),
            new Tool("mcopy", "--version", "writes boot disks"),
            new Tool("syslinux", "--version", "makes boot disks start"));

    /** What only specs with {@code arch: arm64} need, with Debian's packages. */
    private static final Map<String, Tool> OF_ARM64 = Map.of(
            Target.ARM64.compilerPackage(),
            new Tool(Target.ARM64.tool("gcc"), "--version", "compiles kernels for arm64"),
            "qemu-system-arm",
            new Tool("qemu-system-aarch64", "--version", "emulates arm64 machines"));

    private static final List<String> HEADERS = List.of("/usr/include/libelf.h", "/usr/include/openssl/ssl.h");

    private Doctor() {}

    /** Looks at all of it. */
    public static List<Finding> examine(FarmRun.Places places) {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                "java",
                "runs the farm; 17 or newer",
                Runtime.version().toString(),
                Runtime.version().feature() >= 17));
        TOOLS.forEach(tool -> findings.add(tool(tool)));
        new TreeMap<>(OF_ARM64).forEach((debian, tool) -> findings.add(optional(tool(tool), debian)));
        for (String header : HEADERS) {
            boolean there = Files.isRegularFile(Path.of(header));
            findings.add(new Finding(header, "the kernel's build tools", there ? "there" : "missing", there));
        }
        findings.add(busybox());
        findings.add(engine());
        findings.add(lists());
        findings.add(signingKey(places.key()));
        findings.add(disk("disk for the cache", places.cache().root()));
        findings.add(disk("disk for results", places.out().root()));
        findings.add(memory());
        findings.addAll(emulation());
        return findings;
    }

    private static Finding tool(Tool tool) {
        try {
            Command.Result result = Command.of(tool.name(), tool.question()).run();
            Matcher version = VERSION.matcher(result.output() + result.errors());
            return new Finding(tool.name(), tool.need(), version.find() ? version.group() : "there", true);
        } catch (FarmException | IOException e) {
            return new Finding(tool.name(), tool.need(), "missing", false);
        }
    }

    private static Finding optional(Finding finding, String debian) {
        return finding.good()
                ? finding
                : new Finding(
                        finding.name(),
                        finding.need(),
                        "not there; a spec with 'arch: arm64' needs the package " + debian,
                        true);
    }

    private static Finding signingKey(KeyPlace place) {
        String need = "signs what is published";
        if (!place.given() && !Files.exists(place.file())) {
            return new Finding("signing key", need, "none yet: made in " + place.file() + " when first needed", true);
        }
        try {
            String found = SigningKey.read(place.file()).fingerprint() + " in " + place.file();
            return new Finding("signing key", need, found, true);
        } catch (IOException e) {
            return new Finding("signing key", need, e.getMessage(), false);
        }
    }

    /** Without one, kernels are compiled on this host. */
    private static Finding engine() {
        String need = "compiles in containers; without it, this host does";
        try {
            EngineSocket socket = EngineSocket.find(System.getenv());
            return new Finding("container engine", need, new Engine(socket).description(), true);
        } catch (FarmException | IOException e) {
            return new Finding("container engine", need, e.getMessage(), true);
        }
    }

    private static Finding busybox() {
        boolean there = Files.isExecutable(Path.of("/bin/busybox"));
        return new Finding("busybox", "the guests' user space", there ? "there" : "missing", there);
    }

    private static Finding lists() {
        String need = "knows where packages are";
        try {
            boolean there = Command.of("apt-cache", "policy", "linux-source-6.1")
                    .output()
                    .contains("Candidate: ");
            return new Finding("apt's lists", need, there ? "there" : "empty: fetched when first needed", true);
        } catch (FarmException | IOException e) {
            return new Finding("apt's lists", need, e.getMessage(), false);
        }
    }

    private static Finding disk(String name, Path place) {
        long free = Disk.freeBytes(place);
        return new Finding(
                name,
                Disk.size(DISK_BYTES) + " for a source, its objects and images",
                Disk.size(free) + " free at " + place,
                free >= DISK_BYTES);
    }

    private static Finding memory() {
        String need = Disk.size(MEMORY_BYTES) + " for a compiler or two emulated hosts";
        try {
            long bytes = Memory.availableBytes();
            return new Finding("memory", need, Disk.size(bytes) + " available", bytes >= MEMORY_BYTES);
        } catch (IOException e) {
            return new Finding("memory", need, e.getMessage(), false);
        }
    }

    /** How machines are emulated, and what no kernel can be asked for here. */
    private static List<Finding> emulation() {
        List<Finding> findings = new ArrayList<>();
        try {
            QemuMachine emulator = BootStage.emulator(Target.X86_64);
            // Never a fault: what has no hardware virtualization is emulated.
            findings.add(new Finding(
                    "kvm",
                    "makes machines faster; found out by booting",
                    emulator.acceleration() == Acceleration.NONE
                            ? "does not work, or slower than emulation: not used"
                            : "works: " + emulator.acceleration(),
                    true));
            for (Mode mode : Mode.values()) {
                findings.add(possible("mode " + mode, emulator, mode, "bios"));
            }
            Finding uefi = possible("uefi", emulator, Mode.METAL, "uefi");
            // Only a matrix that asks for it needs it.
            findings.add(new Finding(uefi.name(), "cells with firmware uefi", uefi.found(), true));
        } catch (IOException e) {
            findings.add(new Finding("emulation", "boots the kernel in every mode", e.getMessage(), false));
        }
        return findings;
    }

    private static Finding possible(String name, QemuMachine emulator, Mode mode, String firmware) {
        Optional<String> obstacle = emulator.obstacle(new Cell(mode, "xen", firmware, emulator.kind(), false));
        return new Finding(
                name,
                "a cell of it is ERROR where it is impossible",
                obstacle.orElse("nothing known against it"),
                obstacle.isEmpty());
    }
}
