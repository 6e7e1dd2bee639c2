package io.kernelfarm.artifacts.deb;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ArFormatTest {
    @Test
    void aMemberBeyondTenDigitsIsRefusedInOneSentence() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ArFormat.member(out, "data.tar.zst", 9_999_999_999L, 0);
        assertThat(out.toString(US_ASCII)).hasSize(60).contains("9999999999`\n");
        assertThatThrownBy(() -> ArFormat.member(out, "data.tar.zst", 10_000_000_000L, 0))
                .isInstanceOf(IOException.class)
                .hasMessage("the deb's member data.tar.zst has 10000000000 bytes, and 9999999999 is the most that a deb"
                        + " can hold; split the package or compress it more");
        assertThat(out.size()).as("nothing is written of it").isEqualTo(60);
    }
}
