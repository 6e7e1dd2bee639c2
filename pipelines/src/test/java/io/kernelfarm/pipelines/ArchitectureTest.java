package io.kernelfarm.pipelines;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports run one way only: plugin → pipelines → {configs, artifacts, boot-matrix}. */
class ArchitectureTest {

    private static final String CONFIGS = "io.kernelfarm.configs..";
    private static final String ARTIFACTS = "io.kernelfarm.artifacts..";
    private static final String BOOT_MATRIX = "io.kernelfarm.bootmatrix..";
    private static final String PIPELINES = "io.kernelfarm.pipelines..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // The other modules' tests whose samples this one uses.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.kernelfarm");

    static List<ArchRule> rules() {
        return List.of(
                noClasses()
                        .that()
                        .resideInAPackage(CONFIGS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(ARTIFACTS, BOOT_MATRIX, PIPELINES)
                        .because("configurations are of use to people who package and boot with other tools"),
                noClasses()
                        .that()
                        .resideInAPackage(ARTIFACTS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(CONFIGS, BOOT_MATRIX, PIPELINES)
                        .because("packages and repositories are formats: whatever kernel, whoever booted it"),
                noClasses()
                        .that()
                        .resideInAPackage(BOOT_MATRIX)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(CONFIGS, ARTIFACTS, PIPELINES)
                        .because("a kernel from anywhere can be booted: the matrix takes files, not builds"),
                noClasses()
                        .that()
                        .resideInAnyPackage(CONFIGS, ARTIFACTS, BOOT_MATRIX, PIPELINES)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("hudson..", "jenkins..", "org.jenkinsci..", "io.jenkins..", "org.kohsuke..")
                        .because("the farm runs as a program on an agent, or with no Jenkins at all"),
                noClasses()
                        .that()
                        .resideInAPackage(PIPELINES)
                        .and()
                        .resideOutsideOfPackage("io.kernelfarm.pipelines.cli..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("picocli..", "io.kernelfarm.pipelines.cli..")
                        .because("the command line is one front end of several"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.kernelfarm.pipelines.builder..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("com.github.dockerjava..")
                        .because("whoever builds asks a builder, and need not know where that works"),
                slices().assignedFrom(packagesBelow("io.kernelfarm.artifacts"))
                        .should()
                        .beFreeOfCycles()
                        .because("a format can be read and changed without the repositories that use it"));
    }

    private static SliceAssignment packagesBelow(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getPackageName();
                return name.equals(root) || name.startsWith(root + ".")
                        ? SliceIdentifier.of(name)
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "the packages of " + root;
            }
        };
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(ArchRule rule) {
        rule.check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {CONFIGS, ARTIFACTS, BOOT_MATRIX, PIPELINES})
    void theRulesSeeTheClassesOf(String module) {
        assertThat(CLASSES.that(resideInAPackage(module))).hasSizeGreaterThan(5);
    }

    @Test
    void aRuleThatIsBrokenSaysSo() {
        EvaluationResult result = noClasses()
                .that()
                .resideInAPackage(PIPELINES)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CONFIGS)
                .evaluate(CLASSES);

        assertThat(result.hasViolation()).isTrue();
    }
}
