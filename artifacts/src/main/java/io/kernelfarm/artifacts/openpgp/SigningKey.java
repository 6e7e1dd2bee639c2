package io.kernelfarm.artifacts.openpgp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.Features;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.jcajce.JcaPGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPDigestCalculatorProviderBuilder;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPKeyConverter;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPKeyPair;
import org.bouncycastle.openpgp.operator.jcajce.JcaPGPPrivateKey;

/**
 * The secret key that signs what is published: an RSA primary key in OpenPGP's form (RFC 4880, version 4), without a
 * passphrase, in a file that only its owner reads. Signatures are made over SHA-256. RSA, because rpm before 4.14 and machines
 * that are held to FIPS 140 verify nothing younger; the primary key itself signs, because old rpm does not look at subkeys.
 */
public final class SigningKey {
    private static final int BITS = 4096;
    private static final long MAX_FILE_SIZE = 1 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final PGPPublicKeyRing publicKeys;
    private final JcaPGPPrivateKey secret;

    private SigningKey(PGPSecretKeyRing keys, JcaPGPPrivateKey secret) {
        this.publicKeys = keys.toCertificate();
        this.secret = secret;
    }

    /**
     * Reads a secret key, armored or binary, as {@code gpg --export-secret-keys} writes it.
     *
     * @throws UnusableKeyException if the file is not there, is open to others than its owner, or holds no key that can sign
     */
    public static SigningKey read(Path file) throws IOException {
        byte[] content;
        try {
            refuseIfOpen(file);
            try (InputStream in = Files.newInputStream(file)) {
                content = in.readNBytes((int) MAX_FILE_SIZE);
            }
        } catch (NoSuchFileException e) {
            throw new UnusableKeyException(file, "there is no such file; give another one, or leave it to be made", e);
        }
        return parse(file, content);
    }

    private static void refuseIfOpen(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new UnusableKeyException(
                    file,
                    "others than its owner may use it (%s); run 'chmod 600 %s'"
                            .formatted(PosixFilePermissions.toString(permissions), file));
        }
    }

    private static SigningKey parse(Path file, byte[] content) throws IOException {
        PGPSecretKeyRing keys;
        try (InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(content))) {
            keys = new JcaPGPSecretKeyRing(in.readAllBytes());
        } catch (IOException | PGPException | RuntimeException e) {
            throw new UnusableKeyException(
                    file, "it holds no OpenPGP secret key; export one with 'gpg --armor --export-secret-keys'", e);
        }
        PGPSecretKey key = keys.getSecretKey();
        PGPPublicKey publicKey = key.getPublicKey();
        if (!publicKey.getUserIDs().hasNext()) {
            throw new UnusableKeyException(file, "it has no user ID; give a key that says whose it is");
        }
        if (key.isPrivateKeyEmpty() || publicKey.hasRevocation() || !maySign(publicKey)) {
            throw new UnusableKeyException(
                    file, "its primary key is revoked, absent or not meant for signatures; give one that can sign");
        }
        if (publicKey.getAlgorithm() != PublicKeyAlgorithmTags.RSA_GENERAL) {
            throw new UnusableKeyException(file, "it is not an RSA key, which every rpm verifies; give an RSA key");
        }
        long validSeconds = publicKey.getValidSeconds();
        Instant end = publicKey.getCreationTime().toInstant().plusSeconds(validSeconds);
        if (validSeconds > 0 && end.isBefore(Instant.now())) {
            throw new UnusableKeyException(file, "it expired at " + end + "; extend it or give another one");
        }
        if (key.getS2KUsage() != 0) {
            throw new UnusableKeyException(
                    file,
                    "it is protected by a passphrase, for which nobody can be asked; export a copy without one into a file"
                            + " that only you can read");
        }
        try {
            PrivateKey secret = new JcaPGPKeyConverter().getPrivateKey(key.extractPrivateKey(null));
            return new SigningKey(keys, new JcaPGPPrivateKey(publicKey, secret));
        } catch (PGPException | RuntimeException e) {
            throw new UnusableKeyException(file, "its secret part is damaged; export it again", e);
        }
    }

    private static boolean maySign(PGPPublicKey key) {
        Iterator<PGPSignature> certifications = key.getSignaturesForKeyID(key.getKeyID());
        while (certifications.hasNext()) {
            PGPSignature certification = certifications.next();
            if (certification.getHashedSubPackets() != null) {
                int flags = certification.getHashedSubPackets().getKeyFlags();
                if (flags != 0 && (flags & KeyFlags.SIGN_DATA) == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Reads the key, or makes one that never expires if the file is not there. The file is made whole and mode 0600, a missing
     * directory mode 0700; of two programs that make it at once, both get the same key.
     *
     * @param userId whose the key is, for example {@code Kernel Farm <kernel-farm@localhost>}
     * @throws UnusableKeyException as in {@link #read}
     */
    public static SigningKey readOrCreate(Path file, String userId) throws IOException {
        if (!Files.exists(file)) {
            create(file.toAbsolutePath(), userId);
        }
        return read(file);
    }

    private static void create(Path file, String userId) throws IOException {
        Path directory = file.getParent();
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path part = Files.createTempFile(directory, ".key-", null, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            byte[] key = armored(generate(userId).getEncoded()).getBytes(UTF_8);
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(key);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            // Unlike a rename, a link never takes the place of a key that another program has just made.
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            // Somebody else's key is as good.
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static PGPSecretKeyRing generate(String userId) throws IOException {
        PGPSignatureSubpacketGenerator about = new PGPSignatureSubpacketGenerator();
        about.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
        about.setPreferredHashAlgorithms(
                false, new int[] {HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA384});
        about.setPreferredSymmetricAlgorithms(
                false, new int[] {SymmetricKeyAlgorithmTags.AES_256, SymmetricKeyAlgorithmTags.AES_128});
        about.setFeature(false, Features.FEATURE_MODIFICATION_DETECTION);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            JcaPGPKeyPair pair = new JcaPGPKeyPair(
                    PublicKeyPacket.VERSION_4,
                    PublicKeyAlgorithmTags.RSA_GENERAL,
                    generator.generateKeyPair(),
                    Date.from(Instant.now()));
            about.setIssuerFingerprint(false, pair.getPublicKey());
            return new PGPKeyRingGenerator(
                            PGPSignature.POSITIVE_CERTIFICATION,
                            pair,
                            userId,
                            new JcaPGPDigestCalculatorProviderBuilder().build().get(HashAlgorithmTags.SHA1),
                            about.generate(),
                            null,
                            new JcaPGPContentSignerBuilder(
                                    PublicKeyAlgorithmTags.RSA_GENERAL, HashAlgorithmTags.SHA256),
                            null)
                    .generateSecretKeyRing();
        } catch (GeneralSecurityException | PGPException e) {
            throw new IOException("no signing key could be made: " + e.getMessage(), e);
        }
    }

    /** The primary key's, in 40 capital hexadecimal digits. */
    public String fingerprint() {
        return HexFormat.of()
                .withUpperCase()
                .formatHex(publicKeys.getPublicKey().getFingerprint());
    }

    /** Whose the key is, for example {@code Kernel Farm <kernel-farm@localhost>}. */
    public String userId() {
        return publicKeys.getPublicKey().getUserIDs().next();
    }

    /** The public key, armored, for {@code Signed-By}, {@code gpgkey} and {@code gpg --import}. */
    public String publicKey() {
        try {
            return armored(publicKeys.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    /** The public key as PEM of X.509's SubjectPublicKeyInfo, for {@link #sign}'s signatures and {@code openssl}. */
    public String publicKeyPem() {
        try {
            byte[] der = new JcaPGPKeyConverter()
                    .getPublicKey(publicKeys.getPublicKey())
                    .getEncoded();
            return "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END PUBLIC KEY-----\n";
        } catch (PGPException e) {
            throw new IllegalStateException("the key was used before", e);
        }
    }

    /** Signs bytes as RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017), without OpenPGP's form around it. */
    public byte[] sign(byte[] content) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(secret.getPrivateKey());
            signer.update(content);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key was used before", e);
        }
    }

    /** An armored signature over bytes that lie apart from it. */
    public String detached(byte[] content) {
        return armored(detachedPacket(content));
    }

    /** An armored signature over a file. */
    public String detached(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return armored(signature(PGPSignature.BINARY_DOCUMENT, in));
        }
    }

    /** The same as {@link #detached(byte[])}, as the bare signature packet. */
    public byte[] detachedPacket(byte[] content) {
        return inMemory(PGPSignature.BINARY_DOCUMENT, content);
    }

    /** The text with its signature around it (RFC 4880, section 7). */
    public String clearSign(String text) {
        // The end of the last line is not signed, nor are blanks at any line's end.
        String canonical = text.lines().map(SigningKey::withoutBlanks).collect(Collectors.joining("\r\n"));
        String signature = armored(inMemory(PGPSignature.CANONICAL_TEXT_DOCUMENT, canonical.getBytes(UTF_8)));
        String escaped = text.lines()
                .map(line -> (line.startsWith("-") ? "- " : "") + line + "\n")
                .collect(Collectors.joining());
        return "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + escaped + signature;
    }

    private static String withoutBlanks(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
            end--;
        }
        return line.substring(0, end);
    }

    private byte[] inMemory(int type, byte[] content) {
        try {
            return signature(type, new ByteArrayInputStream(content));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    private byte[] signature(int type, InputStream content) throws IOException {
        PGPPublicKey publicKey = publicKeys.getPublicKey();
        PGPSignatureGenerator generator = new PGPSignatureGenerator(
                new JcaPGPContentSignerBuilder(publicKey.getAlgorithm(), HashAlgorithmTags.SHA256), publicKey);
        PGPSignatureSubpacketGenerator about = new PGPSignatureSubpacketGenerator();
        about.setSignatureCreationTime(false, Date.from(Instant.now()));
        about.setIssuerFingerprint(false, publicKey);
        try {
            generator.init(type, secret);
            generator.setHashedSubpackets(about.generate());
            byte[] buffer = new byte[1 << 16];
            for (int count = content.read(buffer); count > 0; count = content.read(buffer)) {
                generator.update(buffer, 0, count);
            }
            return generator.generate().getEncoded();
        } catch (PGPException e) {
            throw new IllegalStateException("the key was used before", e);
        }
    }

    /** Puts one armor around several signature packets or one key. */
    public static String armored(byte[] packets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = ArmoredOutputStream.builder().clearHeaders().build(bytes)) {
            out.write(packets);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toString(UTF_8);
    }

    /** Tells the fingerprint, never the secret. */
    @Override
    public String toString() {
        return "SigningKey[" + fingerprint() + "]";
    }
}
