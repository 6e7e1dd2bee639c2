package io.kernelfarm.artifacts.openpgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.artifacts.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gpg, gpgv, openssl and rpm are the judges. */
class SigningKeyTest {
    private static final String TEXT = "Origin: x \nSHA256:\n - dashed\n-dashed\t\n\nlast: größe\n";

    @TempDir
    private Path dir;

    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectory(
                dir.resolve("gnupg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    @AfterEach
    void endAgent() {
        Tools.run(Map.of("GNUPGHOME", home.toString()), List.of("gpgconf", "--kill", "all"));
    }

    private Tools.Result gpg(String... arguments) {
        List<String> command = new ArrayList<>(List.of("gpg", "--batch", "--homedir", home.toString()));
        command.addAll(Arrays.asList(arguments));
        return Tools.run(Map.of(), command);
    }

    private void gpgMust(String... arguments) {
        Tools.Result result = gpg(arguments);
        assertThat(result.exit()).as(result.output()).isZero();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(dir.resolve(name), content);
    }

    private Path secret(String name, String content) throws IOException {
        Path file = file(name, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** A key that gpg made on the first day of 2025, as gpg exports it. */
    private Path gpgKey(String name, String algorithm, String usage, String expires, String passphrase)
            throws IOException {
        gpgMust(
                "--faked-system-time",
                "20250101T000000",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                passphrase,
                "--quick-generate-key",
                name,
                algorithm,
                usage,
                expires);
        Path file = dir.resolve(name + ".asc");
        gpgMust(
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                passphrase,
                "--armor",
                "--output",
                file.toString(),
                "--export-secret-keys",
                name);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void gpgAndGpgvVerifyWhatItSigns() throws IOException {
        SigningKey key = TestKey.first();
        Path content = file("content", TEXT);
        file("content.asc", key.detached(content));
        file("bytes.asc", key.detached(Files.readAllBytes(content)));
        file("clear", key.clearSign(TEXT));
        file("public.asc", key.publicKey());

        gpgMust("--import", dir.resolve("public.asc").toString());
        assertThat(gpg("--with-colons", "--list-keys").output())
                .contains(key.fingerprint())
                .contains("First Kernel Farm <kernel-farm@localhost>")
                .containsPattern("(?m)^pub:[^:]*:4096:1:[0-9A-F]{16}:[0-9]+:::");
        assertThat(key.userId()).isEqualTo("First Kernel Farm <kernel-farm@localhost>");
        gpgMust("--verify", dir.resolve("content.asc").toString(), content.toString());
        gpgMust("--verify", dir.resolve("clear").toString());

        Path ring = dir.resolve("ring.gpg");
        gpgMust("--output", ring.toString(), "--export");
        for (String signature : List.of("content.asc", "bytes.asc")) {
            Tools.must(
                    "gpgv", "--keyring", ring.toString(), dir.resolve(signature).toString(), content.toString());
        }
        Path said = dir.resolve("said");
        Tools.must(
                "gpgv",
                "--keyring",
                ring.toString(),
                "--output",
                said.toString(),
                dir.resolve("clear").toString());
        assertThat(said).hasContent(TEXT.replaceAll("(?m)[ \t]+$", ""));

        Files.writeString(content, TEXT.replace("last", "first"));
        assertThat(Tools.run(
                                "gpgv",
                                "--keyring",
                                ring.toString(),
                                dir.resolve("content.asc").toString(),
                                content.toString())
                        .output())
                .contains("BAD signature");
        file("forged", key.clearSign(TEXT).replace("größe", "grösse"));
        assertThat(Tools.run(
                                "gpgv",
                                "--keyring",
                                ring.toString(),
                                dir.resolve("forged").toString())
                        .output())
                .contains("BAD signature");
    }

    @Test
    void opensslVerifiesBareSignatures() throws IOException {
        SigningKey key = TestKey.first();
        Path content = file("content", TEXT);
        Path pem = file("public.pem", key.publicKeyPem());
        Path signature = Files.write(dir.resolve("signature"), key.sign(Files.readAllBytes(content)));
        String[] command = {
            "openssl",
            "dgst",
            "-sha256",
            "-verify",
            pem.toString(),
            "-signature",
            signature.toString(),
            content.toString()
        };
        assertThat(Tools.must(command)).contains("Verified OK");
        Files.writeString(content, "other");
        assertThat(Tools.run(command).exit()).isNotZero();
    }

    @Test
    void rpmTakesThePublicKey() throws IOException {
        Path key = file("public.asc", TestKey.first().publicKey());
        Tools.must("rpm", "--root", dir.resolve("root").toString(), "--import", key.toString());
        assertThat(Tools.must("rpm", "--root", dir.resolve("root").toString(), "-q", "gpg-pubkey"))
                .contains(TestKey.first().fingerprint().substring(32).toLowerCase(Locale.ROOT));
    }

    @Test
    void theKeyIsMadeOnceAndOnlyForItsOwner() throws Exception {
        Path file = dir.resolve("config/kernel-farm/signing-key.asc");
        List<SigningKey> keys = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<SigningKey>> made = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                made.add(threads.submit(() -> SigningKey.readOrCreate(file, "Somebody <somebody@localhost>")));
            }
            for (Future<SigningKey> one : made) {
                keys.add(one.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(keys.get(0).fingerprint())
                .isEqualTo(keys.get(1).fingerprint())
                .isEqualTo(SigningKey.readOrCreate(file, "Another").fingerprint());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        assertThat(keys.get(0).toString()).isEqualTo("SigningKey[" + keys.get(0).fingerprint() + "]");
        gpgMust("--import", file.toString());
        assertThat(gpg("--list-secret-keys").output()).contains(keys.get(0).fingerprint());
    }

    @Test
    void aKeyOfGpgSigns() throws IOException {
        SigningKey key = SigningKey.read(gpgKey("given", "rsa2048", "sign", "never", ""));
        file("content", TEXT);
        file("content.asc", key.detached(dir.resolve("content")));
        gpgMust(
                "--verify",
                dir.resolve("content.asc").toString(),
                dir.resolve("content").toString());
    }

    @Test
    void whatCannotSignIsRefusedInOneSentence() throws IOException {
        refused(dir.resolve("none.asc"), "there is no such file");
        Path open =
                Files.setPosixFilePermissions(secret("open.asc", "x"), PosixFilePermissions.fromString("rw-r-----"));
        refused(open, "others than its owner may use it (rw-r-----); run 'chmod 600 " + open + "'");
        refused(secret("garbage.asc", "garbage"), "it holds no OpenPGP secret key");
        refused(secret("empty.asc", ""), "it holds no OpenPGP secret key");
        refused(secret("public.asc", TestKey.first().publicKey()), "it holds no OpenPGP secret key");
        Path whole = gpgKey("whole", "rsa2048", "sign", "never", "");
        String text = Files.readString(whole);
        refused(secret("torn.asc", text.substring(0, text.length() / 2)), "it holds no OpenPGP secret key");
        refused(gpgKey("locked", "rsa2048", "sign", "never", "secret"), "it is protected by a passphrase");
        refused(gpgKey("young", "ed25519", "sign", "never", ""), "it is not an RSA key");
        refused(gpgKey("certifier", "rsa2048", "cert", "never", ""), "its primary key is revoked, absent or not meant");
        refused(gpgKey("old", "rsa2048", "sign", "1d", ""), "it expired at 2025-01-02T");
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> SigningKey.read(file))
                .isInstanceOf(UnusableKeyException.class)
                .hasMessageStartingWith("the signing key " + file + " cannot be used: " + why)
                .hasMessageNotContaining("\n");
    }
}
