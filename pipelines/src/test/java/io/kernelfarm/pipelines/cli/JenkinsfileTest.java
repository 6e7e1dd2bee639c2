package io.kernelfarm.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import groovy.lang.GroovyShell;
import io.kernelfarm.pipelines.Project;
import io.kernelfarm.pipelines.cli.PipelineScript.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.control.CompilationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Jenkinsfiles of pipelines/jenkins, without a Jenkins. */
class JenkinsfileTest {

    private static final String EVERY_CELL = """
            metal-none-bios-qemu             required  checks: disk, clock
            dom0-pv-xen-4.17-bios-qemu       required  checks: disk, clock
            pvhvm-xen-4.17-bios-qemu         optional  checks: disk, network
            3 to boot, 0 skipped
            """;

    private static List<Step> run(String name, Map<String, Object> parameters) throws IOException {
        return run(name, parameters, EVERY_CELL);
    }

    private static List<Step> run(String name, Map<String, Object> parameters, String cells) throws IOException {
        return PipelineScript.run(
                Files.readString(Project.file("pipelines/jenkins").resolve(name)), parameters, cells);
    }

    private static List<Step> named(List<Step> steps, String name) {
        return steps.stream().filter(step -> step.name().equals(name)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Jenkinsfile", "Jenkinsfile.multibranch"})
    void everyFarmStepIsACommandThatTheProgramKnows(String name) throws IOException {
        List<Step> steps = named(run(name, Map.of("SPEC", "source: {}")), "farm");

        assertThat(steps).isNotEmpty().allSatisfy(step -> {
            List<String> words = new ArrayList<>(List.of(step.argument("verb")));
            if (step.arguments().get(0) instanceof Map<?, ?> named && named.containsKey("args")) {
                words.addAll(Arrays.asList(step.argument("args").split(" ", -1)));
            }
            assertThat(Farm.commandLine()
                            .parseArgs(words.toArray(String[]::new))
                            .errors())
                    .isEmpty();
            assertThat(step.agent()).as("the agent of %s", words).isNotEmpty();
        });
    }

    @Test
    void itBuildsInOnePlaceBootsEveryModeInTwoOthersAndPromotesAfterAnApproval() throws IOException {
        List<Step> steps = run("Jenkinsfile", Map.of("SPEC", "source: {}"));

        assertThat(named(steps, "farm"))
                .extracting(step -> step.agent() + ": " + step.argument("verb"))
                .containsExactly(
                        "kernel-builder: build",
                        "kernel-builder: package",
                        "kernel-builder: publish",
                        "kernel-builder: boot",
                        "boot-host: boot",
                        "boot-guests: boot");
        String shares = named(steps, "farm").stream()
                .filter(step -> step.argument("verb").equals("boot"))
                .map(step -> step.argument("args"))
                .reduce("", String::concat);
        assertThat(shares).contains("metal-*", "dom0-*", "pv-*", "pvh-*", "hvm-*", "pvhvm-*");
        List<String> names = steps.stream().map(Step::name).toList();
        assertThat(names.indexOf("stash")).isLessThan(names.indexOf("unstash"));
        assertThat(names.indexOf("input")).isPositive().isLessThan(names.indexOf("kernelFarmPromote"));
        assertThat(named(steps, "kernelFarmPromote")).singleElement().satisfies(step -> {
            assertThat(step.agent()).as("nobody's agent waits for an approval").isEmpty();
            assertThat(step.argument("run")).isEqualTo("20260102T030405Z-abcdef");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "metal-none-bios-qemu, required, boot-host",
        "dom0-pvh-xen-4.20-uefi-qemu, optional, boot-host",
        "pv-xen-4.17-bios-fake, required, boot-guests",
        "pvhvm-xen-4.17-bios-qemu, optional, boot-guests",
    })
    void anAgentThatTheMatrixHasNoCellForIsNotAsked(String cell, String needed, String agent) throws IOException {
        String cells = cell + "   " + needed + "  checks: disk\n"
                + "metal-none-bios-rack1  skipped:  it makes no sense\nhvm-xen-4.17-bios-rack1  skipped:  nor this\n";

        List<Step> steps = run("Jenkinsfile", Map.of("SPEC", "source: {}"), cells);

        assertThat(named(steps, "unstash")).extracting(Step::agent).containsExactly(agent);
        assertThat(named(steps, "kernelFarm")).extracting(Step::agent).containsExactly(agent, "kernel-builder");
    }

    @Test
    void theChannelIsStableOrTheOneThatWasChosen() throws IOException {
        for (String chosen : List.of("", "rehearsal")) {
            List<Step> steps = run("Jenkinsfile", Map.of("SPEC", "x", "CHANNEL", chosen));
            assertThat(named(steps, "kernelFarmPromote"))
                    .extracting(step -> step.argument("to"))
                    .containsExactly(chosen.isEmpty() ? "stable" : chosen);
        }
    }

    @Test
    void whatCameOfABootIsCollectedEvenIfItFailed() throws IOException {
        List<Step> collected = named(run("Jenkinsfile", Map.of("SPEC", "source: {}")), "kernelFarm");

        assertThat(collected)
                .extracting(Step::agent, Step::post)
                .containsExactly(tuple("boot-host", true), tuple("boot-guests", true), tuple("kernel-builder", false));
        assertThat(named(run("Jenkinsfile.multibranch", Map.of()), "kernelFarm"))
                .singleElement()
                .matches(Step::post);
    }

    @Test
    void withoutASpecAmongItsParametersItTakesThatOfTheRepository() throws IOException {
        assertThat(named(run("Jenkinsfile", Map.of()), "checkout")).hasSize(1);
        assertThat(named(run("Jenkinsfile", Map.of("SPEC", "x")), "checkout")).isEmpty();
    }

    /** The seed job's names are those that the farm's Jenkins sets. */
    @Test
    void theSeedJobIsGroovyAndBrokenGroovyIsNoticed() throws IOException {
        String seed = Files.readString(Project.file("pipelines/jenkins/seed.groovy"));

        assertThat(new GroovyShell().parse(seed)).isNotNull();
        assertThatThrownBy(() -> new GroovyShell().parse(seed + "}")).isInstanceOf(CompilationFailedException.class);
    }
}
