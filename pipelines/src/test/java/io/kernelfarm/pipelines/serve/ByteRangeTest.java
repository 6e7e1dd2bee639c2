package io.kernelfarm.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1, bytes 0-0/20",
        "bytes=2-4, 2, 3, bytes 2-4/20",
        "bytes=18-, 18, 2, bytes 18-19/20",
        "bytes=18-999, 18, 2, bytes 18-19/20",
        "bytes=-3, 17, 3, bytes 17-19/20",
        "bytes=-999, 0, 20, bytes 0-19/20",
        "bytes=20-, 20, 0, bytes */20",
        "bytes=99-100, 99, 0, bytes */20",
        "bytes=-0, 20, 0, bytes */20",
    })
    void isCutToTheFile(String header, long first, long length, String contentRange) {
        ByteRange range = ByteRange.of(header, 20).orElseThrow();

        assertThat(range).isEqualTo(new ByteRange(first, length));
        assertThat(range.contentRange(20)).isEqualTo(contentRange);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5-2",
                "bytes=1-2,4-5",
                "lines=1-2",
                "bytes=a-b",
                "bytes=--1",
                "bytes=0-99999999999999999999"
            })
    void isNoneWhereTheWholeFileIsAnAnswer(String header) {
        assertThat(ByteRange.of(header, 20)).isEmpty();
    }

    @Test
    void ofAnEmptyFileHasNothing() {
        assertThat(ByteRange.of("bytes=0-", 0)).contains(new ByteRange(0, 0));
        assertThat(ByteRange.of(null, 0)).isEqualTo(Optional.empty());
    }
}
