package io.jenkins.plugins.kernelfarm.step;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {
    private static final String KEY = """
            -----BEGIN PGP PRIVATE KEY BLOCK-----

            lFgEZwAAAABYJKwYBBAHaRw8BAQdAn0rW3vYw
            =abcd
            -----END PGP PRIVATE KEY BLOCK-----
            """;

    @ParameterizedTest
    @CsvSource({
        "the password is hunter2!, the password is ****!",
        "hunter2hunter2, ********",
        "hunter, hunter",
        "hunhunter2, hun****",
        "Hunter2, Hunter2",
    })
    void whatIsPrintedOfASecretBecomesStars(String printed, String seen) throws IOException {
        assertThat(through(printed, 1, "hunter2")).isEqualTo(seen);
        assertThat(through(printed, 1000, "hunter2")).isEqualTo(seen);
    }

    @Test
    void theLongestOfSeveralSecretsIsTaken() throws IOException {
        assertThat(through("abcdef abc abcd", 2, "abc", "abcdef")).isEqualTo("**** **** ****d");
    }

    @Test
    void eachLineOfAKeyIsASecretButNotItsFrame() throws IOException {
        assertThat(SecretMask.parts(List.of(KEY))).containsExactly("lFgEZwAAAABYJKwYBBAHaRw8BAQdAn0rW3vYw");
        assertThat(through("> " + KEY.replace("\n", "\n> "), 7, KEY))
                .contains("> ****\n> =abcd")
                .contains("> -----END");
    }

    @Test
    void anEmptySecretMasksNothing() {
        assertThat(SecretMask.parts(List.of("", "\n", "  "))).isEmpty();
    }

    @Test
    void whatIsNoSecretIsNotHeldBack() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SecretMask.Filter filter = filter(out, "hunter2");

        filter.write("compiling hun".getBytes(UTF_8));
        assertThat(out.toString(UTF_8)).isEqualTo("compiling ");
        filter.write("gary".getBytes(UTF_8));
        assertThat(out.toString(UTF_8)).isEqualTo("compiling hungary");
        filter.write(" hunter".getBytes(UTF_8));
        filter.end();
        assertThat(out.toString(UTF_8)).isEqualTo("compiling hungary hunter");
    }

    /** However a log is cut, it comes out as if it had been one piece. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void cutsMakeNoDifference(long seed) throws IOException {
        Random random = new Random(seed);
        String[] secrets = {"aab", "aabaab", "b\u00e4", "ba"};
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(60); j > 0; j--) {
                text.append("aab\u00e4\n".charAt(random.nextInt(5)));
            }
            assertThat(through(text.toString(), 1 + random.nextInt(5), secrets))
                    .isEqualTo(through(text.toString(), 1000, secrets))
                    .doesNotContain("aab");
        }
    }

    private static String through(String text, int piece, String... secrets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SecretMask.Filter filter = filter(out, secrets);
        byte[] bytes = text.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += piece) {
            filter.write(bytes, at, Math.min(piece, bytes.length - at));
            filter.flush();
        }
        filter.close();
        return out.toString(UTF_8);
    }

    private static SecretMask.Filter filter(ByteArrayOutputStream out, String... secrets) {
        return new SecretMask.Filter(
                out,
                SecretMask.parts(List.of(secrets)).stream()
                        .map(secret -> secret.getBytes(UTF_8))
                        .toList());
    }
}
