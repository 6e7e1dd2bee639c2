package io.kernelfarm.configs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final DotConfig CONFIG =
            DotConfig.parse("CONFIG_ON=y\nCONFIG_MOD=m\nCONFIG_NUMBER=12\nCONFIG_NAME=\"farm\"\n");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "ON                    ; 2",
                "MOD                   ; 1",
                "OFF                   ; 0",
                "!OFF                  ; 2",
                "!MOD                  ; 1",
                "ON && MOD             ; 1",
                "OFF && ON             ; 0",
                "OFF && ON || MOD      ; 1",
                "ON && (OFF || MOD)    ; 1",
                "!(ON && OFF)          ; 2",
                "MOD = m               ; 2",
                "MOD = y               ; 0",
                "MOD!=y                ; 2",
                "NUMBER < 100          ; 2",
                "NUMBER >= 13          ; 0",
                "NAME = \"farm\"       ; 2",
                "m                     ; 1",
                "y && n                ; 0",
                "$(cc-option,-m64) && MOD ; 1",
                "\"$(ARCH)\" = \"arm\" ; 2",
            })
    void hasKconfigsThreeLevels(String text, int level) {
        assertThat(Expression.parse(text).level(CONFIG)).isEqualTo(level);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A && (B || C)",
                "(A && B) || !C",
                "!(A || B) && C = y",
                "A || B || C",
                "$(success,test -n \"x\") && A",
            })
    void isWrittenAsItWasRead(String text) {
        assertThat(Expression.parse(text).toText()).isEqualTo(text);
    }

    @Test
    void knowsWhoIsAtFault() {
        assertThat(Expression.parse("ON && (OFF || ALSO_OFF) && !MOD && NOT_THERE")
                        .culprits(CONFIG, 2))
                .containsExactly("OFF", "ALSO_OFF", "MOD", "NOT_THERE");
        assertThat(Expression.parse("ON && (OFF || ON)").culprits(CONFIG, 2)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A &&", "(A", "A B", ")", "A = "})
    void refusesWhatIsNoCondition(String text) {
        assertThatThrownBy(() -> Expression.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
