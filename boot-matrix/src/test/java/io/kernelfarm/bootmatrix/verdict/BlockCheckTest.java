package io.kernelfarm.bootmatrix.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.Mode;
import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.bootmatrix.boot.BootWatch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockCheckTest {

    private static final String NONCE = "00c0ffee00c0ffee";
    private static final String DATA = "ab".repeat(32);
    private static final String OTHER = "cd".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "METAL, vda driver=virtio_blk",
        "DOM0_PV, vdc driver=virtio_blk",
        "DOM0_PVH, vdc driver=virtio_blk",
        "PV, xvdb driver=vbd",
        "PVH, xvdb driver=vbd",
        "PVHVM, xvdb driver=vbd",
        "HVM, sdb driver=sd"
    })
    void theModesOwnDriverReadTheData(Mode mode, String disk) {
        CheckResult check = check(mode, disk + " sha256=" + DATA);
        assertThat(check.verdict()).isEqualTo(Verdict.PASS);
        assertThat(check.reason()).isEmpty();
        assertThat(check.evidence()).containsExactly(new Evidence(1, "disk=" + disk + " sha256=" + DATA));
    }

    @ParameterizedTest
    @CsvSource({"PVHVM, sd, vbd", "PV, virtio_blk, vbd", "HVM, vbd, sd", "METAL, sd, virtio_blk", "PVH, '', vbd"})
    void anotherDriverIsNotEnough(Mode mode, String driver, String instead) {
        CheckResult check = check(mode, "xxx driver=" + driver + " sha256=" + DATA);
        assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(check.reason())
                .isEqualTo("the disk was read through driver '" + driver + "' instead of '" + instead + "'");
    }

    @Test
    void otherContentIsNotEnough() {
        CheckResult check = check(Mode.PV, "xvdb driver=vbd sha256=" + OTHER);
        assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(check.reason()).isEqualTo("disk xvdb has SHA-256 " + OTHER + " instead of " + DATA);
    }

    @Test
    void aPvhvmGuestMaySeeItsDiskTwice() {
        CheckResult check = check(Mode.PVHVM, "sdb driver=sd sha256=" + DATA, "xvdb driver=vbd sha256=" + DATA);
        assertThat(check.verdict()).isEqualTo(Verdict.PASS);
        assertThat(check.evidence()).hasSize(2);
    }

    @Test
    void noDiskIsAFailure() {
        for (String[] answers : new String[][] {{}, {"none"}}) {
            CheckResult check = check(Mode.HVM, answers);
            assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(check.reason()).isEqualTo("no disk with the data was found");
        }
    }

    @Test
    void aDigestThatIsCutShortIsNone() {
        assertThat(check(Mode.PV, "xvdb driver=vbd sha256=" + DATA.substring(1)).verdict())
                .isEqualTo(Verdict.FAIL);
    }

    private static CheckResult check(Mode mode, String... disks) {
        Cell cell = new Cell(mode, "xen-4.17", "bios", "qemu", true);
        BootWatch watch = BootWatch.ofMachine(cell, NONCE, Path.of("log"), (ignored, state) -> {});
        for (String disk : disks) {
            watch.line("farm:" + NONCE + ":disk=" + disk);
        }
        return BlockCheck.check(mode, DATA, watch, 0);
    }
}
