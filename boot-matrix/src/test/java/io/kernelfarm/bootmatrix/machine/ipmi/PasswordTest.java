package io.kernelfarm.bootmatrix.machine.ipmi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("rack1-a");
    }

    @Test
    void comesFromAFileOfItsOwnersAndIsNotShown() throws IOException {
        Files.writeString(file, "secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        Password password = Password.inFile(file);

        assertThat(password.text()).isEqualTo("secret");
        Bmc bmc = new Bmc("rack1-a", "10.0.0.5", 623, "admin", password);
        assertThat(password.toString() + bmc).contains(file.toString()).doesNotContain("secret");
    }

    @Test
    void aFileThatOthersReadIsRefused() throws IOException {
        Files.writeString(file, "secret\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> Password.inFile(file))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "others than its owner can read the password file " + file + "; run 'chmod 600 " + file + "'");
    }

    @Test
    void whatIsMissingOrCannotBeOneIsNamed() throws IOException {
        assertThatThrownBy(() -> Password.inFile(file))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no password file " + file + "; make it, or name another");
        assertThatThrownBy(() -> Password.inEnvironment("RACK1", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the environment variable RACK1 with a password is not set; set it, or name a password file");
        for (String bad : new String[] {"", "123456789012345678901", "two\nlines"}) {
            assertThatThrownBy(() -> Password.inEnvironment("RACK1", Map.of("RACK1", bad)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "the password in environment variable RACK1 is not one line of 1 to 20 bytes, which is what"
                                    + " IPMI takes");
        }
    }
}
