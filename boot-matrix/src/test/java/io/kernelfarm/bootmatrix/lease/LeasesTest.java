package io.kernelfarm.bootmatrix.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LeasesTest {

    private static final String MACHINE = "rack1-a";

    @TempDir
    private Path folder;

    @Test
    void nobodyGetsAMachineTwice() throws Exception {
        Leases leases = new Leases(folder);
        try (Lease lease = leases.tryTake(MACHINE).orElseThrow()) {
            assertThat(lease.takenBack()).isFalse();
            assertThat(leases.tryTake(MACHINE))
                    .as("the same process, once more")
                    .isEmpty();
            assertThat(leases.status(MACHINE).holder().orElseThrow().pid())
                    .isEqualTo(ProcessHandle.current().pid());
            try (Lease other = leases.tryTake("rack1-b").orElseThrow()) {
                assertThat(other.machine()).isEqualTo("rack1-b");
            }
        }
        assertThat(leases.status(MACHINE).holder()).isEmpty();
        leases.tryTake(MACHINE).orElseThrow().close();
    }

    @Test
    void twoProcessesThatFightForOneMachineNeverHaveItAtTheSameTime() throws Exception {
        List<Process> farms = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            farms.add(farm("fight"));
        }
        try {
            for (Process farm : farms) {
                assertThat(farm.inputReader().readLine()).isEqualTo("here");
            }
            Files.createFile(folder.resolve("go"));
            for (Process farm : farms) {
                assertThat(farm.inputReader().readLine()).isEqualTo("had it 100 times");
                assertThat(farm.waitFor()).isZero();
            }
        } finally {
            farms.forEach(Process::destroyForcibly);
        }
        assertThat(Files.readString(folder.resolve("turns"))).hasSize(200);
    }

    @Test
    void threadsOfOneProcessTakeTurnsAsWell() throws Exception {
        Leases leases = new Leases(folder);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> fighters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                fighters.add(() -> fight(leases, folder, 25));
            }
            for (Future<Integer> fighter : pool.invokeAll(fighters)) {
                assertThat(fighter.get()).isEqualTo(25);
            }
        } finally {
            pool.shutdownNow();
            pool.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void theLeaseOfAKilledProcessIsTakenBack() throws Exception {
        Leases leases = new Leases(folder);
        Process farm = farm("hold");
        try {
            assertThat(farm.inputReader().readLine()).isEqualTo("here");
            assertThat(farm.inputReader().readLine()).isEqualTo("has it");
            assertThat(leases.tryTake(MACHINE)).isEmpty();
            assertThat(leases.status(MACHINE).holder().orElseThrow().pid()).isEqualTo(farm.pid());
        } finally {
            farm.destroyForcibly().waitFor();
        }
        assertThat(folder.resolve(MACHINE + ".lease")).as("nobody gave it back").exists();
        assertThat(leases.status(MACHINE).holder()).isEmpty();
        try (Lease lease = leases.tryTake(MACHINE).orElseThrow()) {
            assertThat(lease.takenBack()).isTrue();
        }
    }

    @Test
    void aProcessIdThatWasGivenOutAgainHoldsNothing() throws Exception {
        Leases leases = new Leases(folder);
        assertThat(leases.tryTake(MACHINE)).isPresent();
        Path file = folder.resolve(MACHINE + ".lease");
        String held = Files.readString(file);

        Files.writeString(file, held.replaceFirst("\"startTicks\":\\d+", "\"startTicks\":1"));
        assertThat(leases.tryTake(MACHINE)).isPresent();

        Files.writeString(file, held.replaceFirst("\"boot\":\"[^\"]+\"", "\"boot\":\"another\""));
        assertThat(leases.tryTake(MACHINE)).isPresent();
    }

    @Test
    void whoGivesBackLateDoesNotTakeItFromTheNext() throws Exception {
        Leases leases = new Leases(folder);
        Lease late = leases.tryTake(MACHINE).orElseThrow();
        Files.delete(folder.resolve(MACHINE + ".lease"));
        Thread.sleep(2);
        assertThat(leases.tryTake(MACHINE)).isPresent();

        late.close();
        assertThat(leases.tryTake(MACHINE)).isEmpty();
    }

    @Test
    void whoWaitsIsToldForWhomAndGetsTheMachineThen() throws Exception {
        Leases leases = new Leases(folder);
        Lease first = leases.tryTake(MACHINE).orElseThrow();
        List<String> notes = new ArrayList<>();
        try (Lease second = leases.take(MACHINE, note -> {
            notes.add(note);
            try {
                first.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        })) {
            assertThat(second.takenBack()).isFalse();
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .startsWith("waiting for machine 'rack1-a', which process "
                        + ProcessHandle.current().pid() + " has since ");
    }

    @Test
    void aMachineThatIsSetAsideSaysWhyAndIsNotGivenToAnybody() throws Exception {
        Leases leases = new Leases(folder);
        leases.setAside(MACHINE, "it did not boot the control kernel");

        assertThatThrownBy(() -> leases.tryTake(MACHINE))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("machine 'rack1-a' is set aside since \\S+: it did not boot the control kernel; put"
                        + " it right, then run 'farm machines --restore rack1-a'");
        assertThat(leases.status(MACHINE).aside().orElseThrow().reason())
                .isEqualTo("it did not boot the control kernel");

        leases.restore(MACHINE);
        assertThat(leases.status(MACHINE).aside()).isEmpty();
        leases.tryTake(MACHINE).orElseThrow().close();
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        Files.writeString(folder.resolve(MACHINE + ".lease"), "{\"pid\":");
        assertThatThrownBy(() -> new Leases(folder).tryTake(MACHINE))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        folder + "/rack1-a.lease is damaged; see that nobody uses machine 'rack1-a', then remove it");
    }

    @Test
    void aLookIsDueAtFirstThenAfterCellsOrTime() throws Exception {
        Leases leases = new Leases(folder);
        Health.Policy policy = new Health.Policy(10, Duration.ofHours(2));
        assertThat(leases.status(MACHINE).health().due(policy, Instant.now()))
                .as("nobody has looked yet")
                .isTrue();

        leases.healthy(MACHINE);
        Instant checked = leases.status(MACHINE).health().checked();
        leases.ran(MACHINE, 4);
        leases.ran(MACHINE, 5);
        Health nine = leases.status(MACHINE).health();
        assertThat(nine.cells()).isEqualTo(9);
        assertThat(nine.due(policy, checked.plusSeconds(7199))).isFalse();
        assertThat(nine.due(policy, checked.plusSeconds(7200))).isTrue();
        leases.ran(MACHINE, 1);
        assertThat(leases.status(MACHINE).health().due(policy, checked)).isTrue();

        leases.healthy(MACHINE);
        assertThat(leases.status(MACHINE).health().cells()).isZero();
        leases.restore(MACHINE);
        assertThat(leases.status(MACHINE).health().due(policy, Instant.now()))
                .as("what was put right has to show it")
                .isTrue();
    }

    private Process farm(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Farm.class.getName(),
                        folder.toString(),
                        what)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Takes the machine {@code times} times; each time it leaves a mark that nobody else may find. */
    private static int fight(Leases leases, Path folder, int times) throws Exception {
        Path mark = folder.resolve("mark");
        int had = 0;
        while (had < times) {
            Optional<Lease> taken = leases.tryTake(MACHINE);
            if (taken.isEmpty()) {
                Thread.sleep(1);
                continue;
            }
            try (Lease lease = taken.get()) {
                assertThat(lease.takenBack()).isFalse();
                Files.createFile(mark);
                Path turns = folder.resolve("turns");
                String before = Files.exists(turns) ? Files.readString(turns, StandardCharsets.US_ASCII) : "";
                Thread.sleep(1);
                Files.writeString(turns, before + 'x');
                Files.delete(mark);
                had++;
            }
        }
        return had;
    }

    /** Another farm on the same host. */
    static final class Farm {
        private Farm() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Leases leases = new Leases(folder);
            System.out.println("here");
            if (arguments[1].equals("hold")) {
                System.out.println(leases.tryTake(MACHINE).isPresent() ? "has it" : "has it not");
                Thread.sleep(60_000);
            } else {
                while (!Files.exists(folder.resolve("go"))) {
                    Thread.sleep(1);
                }
                System.out.println("had it " + fight(leases, folder, 100) + " times");
            }
        }
    }
}
