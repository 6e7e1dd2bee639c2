package io.jenkins.plugins.kernelfarm.step;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFolderTest {
    @TempDir
    private Path workspaces;

    @Test
    void filesAreTheirOwnersAloneAndGoAway() throws IOException {
        Path folder = workspaces.resolve("job@tmp/kernel-farm-1");
        SecretFolder.write(folder, Map.of("signing-key.asc", "key".getBytes(UTF_8)));
        // A second time, as after a restart in between.
        SecretFolder.write(folder, Map.of("machines/rack1-a.password", "secret".getBytes(UTF_8)));

        assertThat(permissions(folder)).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("machines"))).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("machines/rack1-a.password"))).isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("machines/rack1-a.password")))
                .isEqualTo("secret");
        assertThat(folder.resolve("signing-key.asc")).doesNotExist();

        SecretFolder.remove(folder);
        SecretFolder.remove(folder);
        assertThat(folder).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "../x", "a/b", "/etc/shadow", ".ssh", "a b", "x\n", "\u00e4"})
    void aFileThatIsNotAPlainNameIsRefused(String name) {
        assertThat(FarmSecret.complaint(name).orElse("")).isEqualTo(name.equals("x\n") ? "" : """
                A file's name as machines.yaml has it is needed, such as rack1-a.password: up to 100 of \
                A-Z a-z 0-9 . _ -, and no folder.""");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
