package io.jenkins.plugins.kernelfarm.step;

import hudson.util.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Keeps secrets out of a log: what is printed of them becomes {@code ****}. Kept with a running Pipeline, where the secrets are
 * encrypted with Jenkins' own key. A secret of several lines is masked line by line. One that the program prints in two pieces with
 * something between them is not recognized.
 */
final class SecretMask implements Serializable {
    private static final long serialVersionUID = 1;
    private static final byte[] STARS = "****".getBytes(StandardCharsets.US_ASCII);

    /** Lines of a key's frame and other short ones say nothing, and stars in their place would hide a log. */
    private static final int SHORTEST_LINE = 8;

    private final ArrayList<String> encrypted = new ArrayList<>();

    SecretMask(Collection<String> secrets) {
        for (String part : parts(secrets)) {
            encrypted.add(Secret.fromString(part).getEncryptedValue());
        }
    }

    /** What is looked for: the lines of each secret, the longest first. */
    static List<String> parts(Collection<String> secrets) {
        TreeSet<String> parts = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (String secret : secrets) {
            List<String> lines = secret.strip().lines().map(String::strip).toList();
            for (String line : lines) {
                if (!line.isEmpty()
                        && (lines.size() == 1 || (line.length() >= SHORTEST_LINE && !line.startsWith("-----")))) {
                    parts.add(line);
                }
            }
        }
        return List.copyOf(parts);
    }

    boolean isEmpty() {
        return encrypted.isEmpty();
    }

    /** The secrets themselves. */
    List<byte[]> secrets() {
        List<byte[]> secrets = new ArrayList<>();
        for (String each : encrypted) {
            secrets.add(Secret.fromString(each).getPlainText().getBytes(StandardCharsets.UTF_8));
        }
        return secrets;
    }

    Filter over(OutputStream log) {
        return new Filter(log, secrets());
    }

    /** Replaces secrets in a stream; holds back no more than what may be the beginning of one. */
    static final class Filter extends OutputStream {
        private final OutputStream out;
        private final List<byte[]> secrets;
        private byte[] held = new byte[0];

        /** @param secrets not empty ones, the longest first */
        Filter(OutputStream out, List<byte[]> secrets) {
            this.out = out;
            this.secrets = secrets;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            byte[] all = new byte[held.length + length];
            System.arraycopy(held, 0, all, 0, held.length);
            System.arraycopy(bytes, from, all, held.length, length);
            int printed = 0;
            int at = 0;
            boolean undecided = false;
            while (at < all.length && !undecided) {
                int whole = 0;
                for (byte[] secret : secrets) {
                    int same = same(all, at, secret);
                    if (same == secret.length) {
                        whole = Math.max(whole, same);
                    } else if (at + same == all.length) {
                        undecided = true;
                    }
                }
                if (undecided) {
                    break;
                }
                if (whole > 0) {
                    out.write(all, printed, at - printed);
                    out.write(STARS);
                    at += whole;
                    printed = at;
                } else {
                    at++;
                }
            }
            out.write(all, printed, at - printed);
            held = Arrays.copyOfRange(all, at, all.length);
        }

        private static int same(byte[] text, int at, byte[] secret) {
            int same = 0;
            while (same < secret.length && at + same < text.length && text[at + same] == secret[same]) {
                same++;
            }
            return same;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        synchronized void end() throws IOException {
            byte[] rest = held;
            held = new byte[0];
            // A long secret may be undecided while a shorter one within it is there in full.
            int at = 0;
            int printed = 0;
            while (at < rest.length) {
                int whole = 0;
                for (byte[] secret : secrets) {
                    whole = Math.max(whole, same(rest, at, secret) == secret.length ? secret.length : 0);
                }
                if (whole > 0) {
                    out.write(rest, printed, at - printed);
                    out.write(STARS);
                    at += whole;
                    printed = at;
                } else {
                    at++;
                }
            }
            out.write(rest, printed, rest.length - printed);
            out.flush();
        }

        @Override
        public void close() throws IOException {
            end();
        }
    }
}
