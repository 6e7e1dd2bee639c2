package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kernelfarm.bootmatrix.Cell;
import io.kernelfarm.bootmatrix.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a cell is named, and what it means. */
class BisectTaskTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "pvhvm/xen-4.17, pvhvm-xen-4.17-bios-qemu, pvhvm/xen-4.17",
        "metal, metal-none-bios-qemu, metal",
        "metal/none/uefi, metal-none-uefi-qemu, metal/uefi/qemu",
        "metal/uefi/rack1, metal-none-uefi-rack1, metal/uefi/rack1",
        "dom0-pvh/xen-4.20/uefi, dom0-pvh-xen-4.20-uefi-qemu, dom0-pvh/xen-4.20/uefi/qemu",
        "pv/xen-4.14/bios/rack1, pv-xen-4.14-bios-rack1, pv/xen-4.14/bios/rack1",
    })
    void aNameIsOneCell(String name, String id, String again) {
        BisectTask.CellName cell = BisectTask.CellName.of(name);

        assertThat(cell.matrix(new MatrixSpec(null, null, null, null, null, null, null))
                        .cells())
                .extracting(Cell::id)
                .containsExactly(id);
        assertThat(cell).hasToString(again);
        assertThat(BisectTask.CellName.of(again)).isEqualTo(cell);
    }

    @ParameterizedTest
    @CsvSource({
        "pvhvm, mode pvhvm needs a hypervisor",
        "pvx/xen-4.17, unknown mode 'pvx'; the modes are metal",
        "pv/4.17, hypervisor '4.17' is not Xen of one version",
        "pv/xen-4.17/efi, unknown firmware 'efi'; there are bios and uefi",
        "metal/bios/qemu/more, there are too many words in it",
        "PV xen, that is no name of a cell",
    })
    void anUnclearNameIsToldWithTheRemedy(String name, String why) {
        FarmException error = catchThrowableOfType(FarmException.class, () -> BisectTask.CellName.of(name));

        assertThat(error.blame()).isEqualTo(FarmException.Blame.USAGE);
        assertThat(error.getMessage().replace("bios, uefi", "bios and uefi"))
                .startsWith("--cell '" + name + "': " + why)
                .contains("a cell is MODE/HYPERVISOR, such as pvhvm/xen-4.17");
    }

    @Test
    void itsChecksAndTimeOutsAreThoseOfTheSpec() throws java.io.IOException {
        Path file = Files.writeString(folder.resolve("matrix.yaml"), """
                axes: {modes: [pv, hvm]}
                checks: {pv: [default, soak], hvm: network}
                soak: 99
                timeouts: {cell: 77}
                """);

        MatrixSpec matrix = BisectTask.CellName.of("pv/xen-4.20").matrix(SpecReader.readMatrix(file));

        assertThat(matrix.checks()).containsOnlyKeys(Mode.PV).containsEntry(Mode.PV, List.of("default", "soak"));
        assertThat(matrix.soak()).isEqualTo(99);
        assertThat(matrix.timeouts().cell()).isEqualTo(77);
        assertThat(BisectTask.CellName.of("hvm/xen-4.20")
                        .matrix(SpecReader.readMatrix(file))
                        .soak())
                .as("nobody asks it there")
                .isNull();
        assertThat(matrix.cells()).singleElement().extracting(Cell::hypervisor).isEqualTo("xen-4.20");
    }
}
