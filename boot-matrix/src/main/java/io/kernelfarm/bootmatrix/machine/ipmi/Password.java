package io.kernelfarm.bootmatrix.machine.ipmi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/** A BMC's password, which appears in no text but the file that ipmitool reads. */
public final class Password {

    /** IPMI 2.0 takes 20 bytes at most (specification, section 22.30). */
    private static final int LONGEST = 20;

    private final String text;
    private final String origin;

    private Password(String text, String origin) throws IOException {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > LONGEST || text.lines().count() > 1) {
            throw new IOException("the password in " + origin + " is not one line of 1 to " + LONGEST
                    + " bytes, which is what IPMI takes");
        }
        this.text = text;
        this.origin = origin;
    }

    /**
     * The first and only line of {@code file}.
     *
     * @throws IOException if there is none, or if others than its owner can read it
     */
    public static Password inFile(Path file) throws IOException {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ)) {
                throw new IOException(
                        "others than its owner can read the password file " + file + "; run 'chmod 600 " + file + "'");
            }
            return new Password(Files.readString(file).stripTrailing(), "file " + file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no password file " + file + "; make it, or name another", e);
        }
    }

    /**
     * The value of the environment variable {@code name}.
     *
     * @throws IOException if it is not set
     */
    public static Password inEnvironment(String name, Map<String, String> environment) throws IOException {
        String value = environment.get(name);
        if (value == null) {
            throw new IOException("the environment variable " + name + " with a password is not set; set it, or name a"
                    + " password file");
        }
        return new Password(value, "environment variable " + name);
    }

    String text() {
        return text;
    }

    /** Where it comes from, for example {@code file /etc/farm/rack1-a}. */
    String origin() {
        return origin;
    }

    @Override
    public String toString() {
        return "password in " + origin;
    }
}
