package io.kernelfarm.artifacts.unpack;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.InstallPath;
import io.kernelfarm.artifacts.PackageFormatException;
import io.kernelfarm.artifacts.StoredEntry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Goes over a tar (tar(5)) of strangers, entry by entry, and takes no more bytes than allowed. */
public final class TarWalk {
    /** A name, its link and what else stands before one entry. */
    private static final int MAX_HEADER_BYTES = 1 << 20;

    /** Takes one entry and, if it is a file, its content. */
    public interface Visitor {
        void visit(TarArchiveEntry entry, InputStream content) throws IOException;
    }

    private TarWalk() {}

    /**
     * Shows each entry of a tar to {@code visitor}.
     *
     * @param file that the tar is in, for messages
     * @param allowed bytes of all its files together
     * @param decoder of the bytes of the tar
     * @throws PackageFormatException if it is damaged or larger
     */
    public static void over(Path file, long allowed, PackageStream.Decoder decoder, Visitor visitor)
            throws IOException {
        // Closed whatever happens: decoders hold memory that Java does not see.
        try (PackageStream plain = PackageStream.open(file, allowed, decoder)) {
            TarArchiveInputStream tar = new TarArchiveInputStream(plain, UTF_8.name());
            long left = allowed;
            while (true) {
                plain.allow(MAX_HEADER_BYTES);
                TarArchiveEntry entry = PackageStream.guarded(file, tar::getNextEntry);
                if (entry == null) {
                    return;
                }
                if (entry.isSparse()) {
                    throw unusual(file, Unpacker.path(file, entry.getName())); // Its zeros come from no stream.
                }
                left -= entry.getSize();
                if (entry.getSize() < 0 || left < 0) {
                    throw new PackageFormatException(file, "it unpacks to more than the " + allowed + " bytes allowed");
                }
                plain.allow(entry.getSize() + MAX_HEADER_BYTES);
                InputStream content = new Content(file, tar);
                visitor.visit(entry, content);
                content.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    /** Whether it is the root, of which there is nothing to unpack. */
    public static boolean isRoot(TarArchiveEntry entry) {
        String name = entry.getName();
        return name.equals("./") || name.equals(".") || name.equals("/");
    }

    /**
     * An entry that may be unpacked.
     *
     * @throws PackageFormatException if it is a device or the like, or has no usable name or target
     */
    public static StoredEntry stored(Path file, TarArchiveEntry entry) throws PackageFormatException {
        InstallPath path = Unpacker.path(file, entry.getName());
        int mode = entry.getMode() & 07777;
        if (entry.isDirectory()) {
            return new StoredEntry(path, StoredEntry.Type.DIRECTORY, mode, 0, "");
        }
        if (entry.isSymbolicLink()) {
            return new StoredEntry(path, StoredEntry.Type.SYMLINK, mode, 0, linkName(file, path, entry));
        }
        if (entry.isLink()) {
            return new StoredEntry(path, StoredEntry.Type.HARD_LINK, mode, 0, linkName(file, path, entry));
        }
        if (isPlainFile(entry)) {
            return new StoredEntry(path, StoredEntry.Type.FILE, mode, entry.getSize(), "");
        }
        throw unusual(file, path);
    }

    private static PackageFormatException unusual(Path file, InstallPath path) {
        return new PackageFormatException(file, path + " is a device or of another kind that is not unpacked");
    }

    /** The library's own {@code isFile} takes a device for one. */
    public static boolean isPlainFile(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> true;
            default -> false;
        };
    }

    private static String linkName(Path file, InstallPath path, TarArchiveEntry entry) throws PackageFormatException {
        String target = entry.getLinkName();
        if (target.isEmpty() || target.chars().anyMatch(Character::isISOControl)) {
            throw new PackageFormatException(file, path + " is a link without a usable target");
        }
        return target;
    }

    /** The content of the current entry, with the declared exception. */
    private static final class Content extends FilterInputStream {
        private final Path file;

        Content(Path file, TarArchiveInputStream tar) {
            super(tar);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            return PackageStream.guarded(file, in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return PackageStream.guarded(file, () -> in.read(bytes, offset, length));
        }
    }
}
