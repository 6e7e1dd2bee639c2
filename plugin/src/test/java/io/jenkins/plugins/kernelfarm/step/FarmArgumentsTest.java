package io.jenkins.plugins.kernelfarm.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FarmArgumentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--json",
                "--spec kernel.yaml",
                "--spec=specs/lts.yaml --debug",
                "--matrix $MATRIX",
                "--events -",
                "--out /srv/farm",
                "check --spec ./a/../kernel.yaml",
                "it\\'s",
            })
    void goodArgumentsAreGood(String args) {
        assertThat(complaint(args)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--spec ../kernel.yaml  | --spec names '../kernel.yaml', which is outside of the workspace",
                "--spec a/../../x       | outside of the workspace",
                "--spec=/etc/passwd     | --spec names '/etc/passwd', which is outside of the workspace",
                "--machines /x --json   | --machines names '/x'",
                "--spec                 | --spec needs a file of the workspace after it, such as --spec kernel.yaml.",
                "--spec --json          | --spec needs a file",
                "--key my.asc           | The key is a credential: choose it in 'Signing key', and leave --key out.",
                "--reason \"new memory  | A quote is not closed",
            })
    void badArgumentsGetASentence(String args, String sentence) {
        assertThat(complaint(args)).contains(sentence).endsWith(".");
    }

    private static String complaint(String args) {
        return FarmArguments.complaint(args, List.of(args.split(" +"))).orElse("");
    }
}
