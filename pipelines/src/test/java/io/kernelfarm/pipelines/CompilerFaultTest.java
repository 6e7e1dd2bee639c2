package io.kernelfarm.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On what the real compiler, linker and make say. */
class CompilerFaultTest {

    @TempDir
    private Path folder;

    /** What a program says on its standard error when it is called in the folder. */
    private String errors(String... words) throws IOException {
        Command.Result result = Command.of(words).in(folder).run();
        assertThat(result.exit()).isNotZero();
        return result.errors();
    }

    @Test
    void anErrorInAHeaderIsShownWithTheWayThatLedToIt() throws IOException {
        Files.writeString(folder.resolve("inner.h"), "struct clock { int hz; };\nint ticks(unknown_t t);\n");
        Files.writeString(folder.resolve("outer.h"), "#include \"inner.h\"\n");
        Files.writeString(folder.resolve("driver.c"), "#include \"outer.h\"\n\nint x;\n");

        CompilerFault fault = CompilerFault.in(errors("gcc", "-Wall", "-c", "driver.c"));

        assertThat(fault.sentence()).isEqualTo("inner.h:2: unknown type name ‘unknown_t’");
        assertThat(fault.lines())
                .contains("In file included from outer.h:1,", "                 from driver.c:1:")
                .anyMatch(line -> line.contains("2 | int ticks(unknown_t t);"))
                .hasSizeLessThanOrEqualTo(CompilerFault.LINES);
    }

    @Test
    void ofManyErrorsTheFirstOneIsToldAndNoOtherFiles() throws IOException {
        String many = IntStream.range(0, 50)
                .mapToObj(i -> "int f" + i + "(void) { return missing" + i + "; }\n")
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("many.c"), many);
        Files.writeString(folder.resolve("Makefile"), "all: many.o other.o\n");
        Files.writeString(folder.resolve("other.c"), "#error \"second\"\n");

        CompilerFault fault = CompilerFault.in(errors("make", "-k", "all"));

        assertThat(fault.sentence()).isEqualTo("many.c:1: ‘missing0’ undeclared (first use in this function)");
        assertThat(fault.lines().get(0)).isEqualTo("many.c: In function ‘f0’:");
        assertThat(fault.lines()).noneMatch(line -> line.contains("missing1") || line.contains("second"));
    }

    @Test
    void aSymbolThatIsMissingIsTheLinkersFirstWord() throws IOException {
        Files.writeString(folder.resolve("main.c"), "int absent(void);\nint main(void) { return absent(); }\n");

        CompilerFault fault = CompilerFault.in(errors("gcc", "main.c"));

        assertThat(fault.lines()).anyMatch(line -> line.endsWith("undefined reference to `absent'"));
    }

    @Test
    void aMissingFileIsNamedByMake() throws IOException {
        Files.writeString(folder.resolve("Makefile"), "all: nowhere.o\n");

        CompilerFault fault = CompilerFault.in(errors("make"));

        assertThat(fault.sentence()).contains("No rule to make target 'nowhere.o'");
    }

    @Test
    void whereNothingIsKnownTheLastLinesAreTold() {
        CompilerFault fault = CompilerFault.in("one\ntwo\n");

        assertThat(fault.sentence()).isEqualTo("make gave no reason");
        assertThat(fault.lines()).isEqualTo(List.of("one", "two"));
    }
}
