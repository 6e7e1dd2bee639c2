package io.kernelfarm.bootmatrix.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootWatchTest {

    private static final Cell CELL = new Cell(Mode.PV, "xen-4.17", "bios", "qemu", true);

    @TempDir
    private Path folder;

    private final List<BootState> states = new ArrayList<>();
    private BootWatch watch;

    @BeforeEach
    void watch() throws IOException {
        watch = BootWatch.ofGuest(CELL, "1234abcd", folder.resolve("log"), (cell, state) -> states.add(state));
    }

    @Test
    void statesFollowTheConsoleAndNeverGoBack() {
        watch.reach(BootState.POWERED);
        watch.line("SeaBIOS (version 1.16.2)");
        watch.line("(XEN) Xen version 4.17.7 (gcc 12.2.0) debug=n");
        watch.line("[    0.000000] Linux version 6.1.192-farm1");
        watch.line("(XEN) Dom0 has maximum 1 VCPUs");
        watch.line("[    1.0] farm:1234abcd:state=userspace release=6.1.192-farm1");
        watch.line("[    0.000000] Linux version 6.1.192-farm1");
        watch.line("[    1.0] farm:1234abcd:done");

        assertThat(states)
                .containsExactly(
                        BootState.POWERED, BootState.HYPERVISOR, BootState.KERNEL, BootState.USERSPACE, BootState.DONE);
    }

    @Test
    void theHypervisorsTalkOfAKernelIsNotTheKernel() {
        watch.reach(BootState.POWERED);
        watch.line("(XEN) Dom0 kernel: Linux version 6.1");
        assertThat(watch.state()).isEqualTo(BootState.HYPERVISOR);
    }

    @Test
    void answersBearTheNonceAndTheirLinesNumber() {
        watch.line("farm:deadbeef:disk=none");
        watch.line("[    1.0] farm:1234abcd:disk=xvdb driver=vbd sha256=00");
        watch.line("(d1) [    1.0] farm:1234abcd:disk=xvdc driver=vbd sha256=11=");

        assertThat(watch.answers("disk"))
                .extracting(BootWatch.Answer::value)
                .containsExactly("xvdb driver=vbd sha256=00", "xvdc driver=vbd sha256=11=");
        assertThat(watch.answers("disk"))
                .extracting(BootWatch.Answer::line)
                .extracting(Evidence::line)
                .containsExactly(2, 3);
        assertThat(watch.answers("guest_type")).isEmpty();
    }

    @Test
    void whatAGuestSaysInTheNameOfDom0IsNoAnswer() {
        watch.line("farm:1234abcd:dom0.network.in=3 packets transmitted, 3 packets received");
        assertThat(watch.answers("dom0.network.in")).isEmpty();

        watch.dom0Answer("network.in=none");
        assertThat(watch.answers("dom0.network.in"))
                .extracting(BootWatch.Answer::value)
                .containsExactly("none");
        assertThat(watch.lines()).hasSize(2);
    }

    @Test
    void timeInWhichTheFarmStoodStillIsLeftOut() {
        watch.start(BootState.POWERED);
        watch.leaveOut(Duration.ofHours(-1)); // As if it had begun an hour ago.
        assertThat(watch.sinceStart()).isGreaterThan(Duration.ofMinutes(59));
        watch.leaveOut(Duration.ofHours(1));
        assertThat(watch.sinceStart()).isLessThan(Duration.ofMinutes(1));
        assertThat(watch.inState()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void theFirstFaultIsKept() {
        watch.line("fine");
        watch.line("Kernel panic - not syncing: first");
        watch.line("---[ end Kernel panic - not syncing: first ]---");
        assertThat(watch.fault()).contains(new Evidence(2, "Kernel panic - not syncing: first"));
        assertThat(watch.faultIsTold())
                .as("the lines that explain it may yet come")
                .isFalse();
    }

    @Test
    void anAnswerThatQuotesAPanicIsNoPanic() {
        watch.line("farm:1234abcd:dmesg=Kernel panic - not syncing: quoted");
        assertThat(watch.fault()).isEmpty();
    }

    @Test
    void theLastLineIsTheLastWithText() {
        assertThat(watch.lastLine()).isEmpty();
        watch.line("one");
        watch.line("two");
        watch.line("  ");
        assertThat(watch.lastLine()).contains(new Evidence(2, "two"));
    }

    @Test
    void onlyTheFirstEndingCounts() {
        watch.end(Ending.CRASHED, "first");
        watch.end(Ending.TIMED_OUT, "second");
        assertThat(watch.ending()).contains(Ending.CRASHED);
        assertThat(watch.detail()).isEqualTo("first");
    }

    @Test
    void afterTheEndingAnswersCountNoMoreButLinesAreKeptAndFaultsSeen() {
        watch.end(Ending.TIMED_OUT, "too slow");
        watch.line("farm:1234abcd:done");
        watch.line("(XEN) Panic on CPU 0:");
        assertThat(watch.state()).isEqualTo(BootState.OFF);
        assertThat(watch.lastLine()).contains(new Evidence(2, "(XEN) Panic on CPU 0:"));
        assertThat(watch.fault()).contains(new Evidence(2, "(XEN) Panic on CPU 0:"));
    }

    @Test
    void aGuestsLogHoldsItsLinesUnderTheNumbersOfTheEvidence() throws IOException {
        watch.line("caf\u00e9 \u0000\u001b[0m");
        watch.keep("kept without a look: Kernel panic - not syncing: other");
        watch.line("Kernel panic - not syncing: mine");
        watch.close();

        Evidence fault = watch.fault().orElseThrow();
        String[] log =
                Files.readString(watch.log(), StandardCharsets.ISO_8859_1).split("\n", -1);
        assertThat(log).hasSize(4);
        assertThat(Files.readAllLines(folder.resolve("log.times")))
                .as("when each of them came")
                .hasSize(3)
                .allMatch(time -> Integer.parseInt(time) >= 0);
        assertThat(log[0]).isEqualTo("caf\u00e9 \u0000\u001b[0m");
        assertThat(log[fault.line() - 1]).isEqualTo(fault.text()).isEqualTo("Kernel panic - not syncing: mine");
    }
}
