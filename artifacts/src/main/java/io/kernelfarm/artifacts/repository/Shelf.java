package io.kernelfarm.artifacts.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.Digests;
import io.kernelfarm.artifacts.SideBySide;
import io.kernelfarm.artifacts.pack.SourceFile;
import io.kernelfarm.artifacts.repository.Packing.Part;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The lists of some packages of a channel, and the record of where in the lists each package stands. The next lists take over
 * the compressed parts of these, as they are, and only what is new is compressed; so a package costs by its own size,
 * whatever was there before it.
 */
final class Shelf {
    /** Small neighbours share a part up to this size: alone, what they have in common would be stored again and again. */
    private static final int PART_SIZE = 64 << 10;

    private static final String FORM = "kernel-farm-record 1";

    /**
     * A part of a list.
     *
     * @param packages how many stand in it
     * @param open its uncompressed size
     */
    private record Member(int packages, int open, Map<Packing, Stored> stored) {}

    /** How a member lies in a file: {@code length} bytes, and what {@link Part#unpadded} says of them. */
    private record Stored(int length, long unpadded) {}

    /**
     * The file of a list in one packing.
     *
     * @param head bytes before the first member
     */
    private record Lying(Path file, int head) {}

    /** A list as it lies there. */
    private record Stock(List<Member> members, Map<Packing, Lying> files) {}

    private final List<ListFormat> formats;
    private final List<ListedPackage> packages;
    private final List<Stock> stocks;

    private Shelf(List<ListFormat> formats, List<ListedPackage> packages, List<Stock> stocks) {
        this.formats = formats;
        this.packages = packages;
        this.stocks = stocks;
    }

    static Shelf empty(List<ListFormat> formats) {
        return new Shelf(
                formats,
                List.of(),
                formats.stream().map(format -> new Stock(List.of(), Map.of())).toList());
    }

    List<ListedPackage> packages() {
        return packages;
    }

    /** What the lists say of a package. */
    List<byte[]> texts(ListedPackage wanted) throws IOException {
        List<byte[]> texts = new ArrayList<>();
        for (int list = 0; list < formats.size(); list++) {
            int index = packages.indexOf(wanted);
            List<Member> members = stocks.get(list).members();
            int member = 0;
            while (index >= members.get(member).packages()) {
                index -= members.get(member).packages();
                member++;
            }
            texts.add(texts(list, member).get(index));
        }
        return texts;
    }

    /** What each package of a member says. */
    private List<byte[]> texts(int list, int ordinal) throws IOException {
        Stock stock = stocks.get(list);
        Member member = stock.members().get(ordinal);
        Packing packing = member.stored().containsKey(Packing.PLAIN)
                ? Packing.PLAIN
                : member.stored().keySet().stream().max(Enum::compareTo).orElseThrow();
        Lying lying = stock.files().get(packing);
        long offset = offsets(stock, packing)[ordinal];
        int first = 0;
        for (Member before : stock.members().subList(0, ordinal)) {
            first += before.packages();
        }
        Stored stored = member.stored().get(packing);
        byte[] packed = new byte[stored.length()];
        try (FileChannel in = FileChannel.open(lying.file())) {
            readFully(in, offset, ByteBuffer.wrap(packed), lying.file());
        }
        byte[] open = packing.unpack(new Part(packed, stored.unpadded()), member.open());
        List<byte[]> texts = new ArrayList<>();
        int at = 0;
        for (ListedPackage one : packages.subList(first, first + member.packages())) {
            int length = one.lengths().get(list);
            texts.add(Arrays.copyOfRange(open, at, at + length));
            at += length;
        }
        return texts;
    }

    private static void readFully(FileChannel in, long offset, ByteBuffer buffer, Path file) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException(file + " is shorter than its record says");
            }
        }
    }

    /** A stretch of the next list: either a member as it is, or texts that are to be packed. */
    private record Stretch(int member, List<byte[]> texts) {
        boolean isKept() {
            return texts.isEmpty();
        }
    }

    /** Where a list goes. */
    interface Places {
        /** From the state's root. */
        String path(ListFormat format, Packing packing, String sha256);
    }

    /**
     * Writes the next lists and their record.
     *
     * @param state the directory of the next state
     * @param removed digests of packages that are left out
     */
    List<ListFile> write(Path state, Path record, Set<String> removed, List<NewPackage> added, Places places)
            throws IOException {
        List<ListedPackage> next = new ArrayList<>(
                packages.stream().filter(one -> !removed.contains(one.sha256())).toList());
        added.forEach(one -> next.add(one.listed()));
        StringBuilder text = new StringBuilder(FORM + "\n");
        for (ListedPackage one : next) {
            text.append(String.join(
                            "\t",
                            "package",
                            one.name(),
                            one.version(),
                            one.architecture(),
                            one.path(),
                            one.sha256(),
                            one.given(),
                            Long.toString(one.size()),
                            Long.toString(one.release()),
                            one.lengths().stream().map(String::valueOf).collect(Collectors.joining(","))))
                    .append('\n');
        }
        List<List<Stretch>> stretches = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        for (int list = 0; list < formats.size(); list++) {
            stretches.add(stretches(list, removed, added));
            for (Packing packing : formats.get(list).packings()) {
                tasks.add(new Task(list, packing, stretches.get(list)));
            }
        }
        List<Written> written = SideBySide.map(tasks, task -> write(state, task, next.size(), places));
        for (int list = 0; list < formats.size(); list++) {
            List<Map<Packing, Stored>> stored = new ArrayList<>();
            stretches.get(list).forEach(one -> stored.add(new EnumMap<>(Packing.class)));
            for (int i = 0; i < tasks.size(); i++) {
                if (tasks.get(i).list() == list) {
                    Written one = written.get(i);
                    one.addTo(text);
                    for (int stretch = 0; stretch < stored.size(); stretch++) {
                        stored.get(stretch)
                                .put(tasks.get(i).packing(), one.stored().get(stretch));
                    }
                }
            }
            addMembers(text, list, stretches.get(list), stored);
        }
        Files.createDirectories(record.getParent());
        Files.writeString(record, text);
        return written.stream().map(Written::file).toList();
    }

    private void addMembers(
            StringBuilder record, int list, List<Stretch> stretches, List<Map<Packing, Stored>> stored) {
        for (int i = 0; i < stretches.size(); i++) {
            record.append("member\t").append(formats.get(list).name());
            record.append('\t').append(count(list, stretches.get(i)));
            record.append('\t').append(open(list, stretches.get(i)));
            stored.get(i).forEach((packing, one) -> record.append('\t')
                    .append(packing)
                    .append('=')
                    .append(one.length())
                    .append('/')
                    .append(one.unpadded()));
            record.append('\n');
        }
    }

    private List<Stretch> stretches(int list, Set<String> removed, List<NewPackage> added) throws IOException {
        List<Stretch> stretches = new ArrayList<>();
        List<Member> members = stocks.get(list).members();
        int first = 0;
        for (int ordinal = 0; ordinal < members.size(); ordinal++) {
            List<ListedPackage> here =
                    packages.subList(first, first + members.get(ordinal).packages());
            if (here.stream().noneMatch(one -> removed.contains(one.sha256()))) {
                stretches.add(new Stretch(ordinal, List.of()));
            } else {
                List<byte[]> texts = texts(list, ordinal);
                for (int i = 0; i < here.size(); i++) {
                    if (!removed.contains(here.get(i).sha256())) {
                        append(list, stretches, texts.get(i));
                    }
                }
            }
            first += members.get(ordinal).packages();
        }
        for (NewPackage one : added) {
            append(list, stretches, one.texts().get(list));
        }
        return stretches;
    }

    /** Puts a text at the end, together with what stands there if both are small. */
    private void append(int list, List<Stretch> stretches, byte[] text) throws IOException {
        int last = stretches.size() - 1;
        if (last < 0 || open(list, stretches.get(last)) + text.length > PART_SIZE) {
            stretches.add(new Stretch(-1, new ArrayList<>(List.of(text))));
            return;
        }
        if (stretches.get(last).isKept()) {
            stretches.set(
                    last,
                    new Stretch(
                            -1, new ArrayList<>(texts(list, stretches.get(last).member()))));
        }
        stretches.get(last).texts().add(text);
    }

    private int open(int list, Stretch stretch) {
        return stretch.isKept()
                ? stocks.get(list).members().get(stretch.member()).open()
                : stretch.texts().stream().mapToInt(text -> text.length).sum();
    }

    private int count(int list, Stretch stretch) {
        return stretch.isKept()
                ? stocks.get(list).members().get(stretch.member()).packages()
                : stretch.texts().size();
    }

    /** One file that is to be written. */
    private record Task(int list, Packing packing, List<Stretch> stretches) {}

    /**
     * What was written.
     *
     * @param head bytes before the first member
     * @param stored one for each stretch
     */
    private record Written(ListFile file, int head, List<Stored> stored) {
        void addTo(StringBuilder record) {
            record.append(String.join(
                            "\t",
                            "file",
                            file.format().name(),
                            file.packing().name(),
                            Integer.toString(head),
                            file.path()))
                    .append('\n');
        }
    }

    private Written write(Path state, Task task, int count, Places places) throws IOException {
        ListFormat format = formats.get(task.list());
        Packing packing = task.packing();
        Stock stock = stocks.get(task.list());
        byte[] head = format.head().apply(count).getBytes(UTF_8);
        byte[] tail = format.tail().getBytes(UTF_8);
        MessageDigest digest = Digests.sha256();
        Path part = state.resolve("." + format.name() + packing.suffix() + ".part");
        List<XzBlocks.Sizes> blocks = new ArrayList<>();
        List<Stored> stored = new ArrayList<>();
        long open = head.length + (long) tail.length;
        int headLength = 0;
        try (OutputStream out = new BufferedOutputStream(
                new DigestOutputStream(Files.newOutputStream(part), digest), SourceFile.BUFFER_SIZE)) {
            if (packing == Packing.XZ) {
                out.write(XzBlocks.header());
                headLength += XzBlocks.HEADER_SIZE;
            }
            if (head.length > 0) {
                headLength += put(packing, head, out, blocks).length();
            }
            if (head.length == 0
                    && task.stretches().isEmpty()
                    && (packing == Packing.GZIP || packing == Packing.ZSTD)) {
                // A file without a single member or frame is neither gzip nor zstd.
                headLength += put(packing, head, out, blocks).length();
            }
            long[] offsets = offsets(stock, packing);
            try (Source source = new Source(stock.files().get(packing))) {
                for (Stretch stretch : task.stretches()) {
                    int length = open(task.list(), stretch);
                    if (stretch.isKept()) {
                        Stored kept =
                                stock.members().get(stretch.member()).stored().get(packing);
                        source.copy(offsets[stretch.member()], kept.length(), out);
                        blocks.add(new XzBlocks.Sizes(kept.unpadded(), length));
                        stored.add(kept);
                    } else {
                        stored.add(put(packing, joined(stretch.texts(), length), out, blocks));
                    }
                    open += length;
                }
            }
            if (tail.length > 0) {
                put(packing, tail, out, blocks);
            }
            if (packing == Packing.XZ) {
                out.write(XzBlocks.end(blocks));
            }
        }
        String sha256 = Digests.hex(digest);
        String path = places.path(format, packing, sha256);
        Path place = state.resolve(path);
        Files.createDirectories(place.getParent());
        Files.move(part, place);
        return new Written(new ListFile(format, packing, path, sha256, Files.size(place), open), headLength, stored);
    }

    private static Stored put(Packing packing, byte[] open, OutputStream out, List<XzBlocks.Sizes> blocks)
            throws IOException {
        Part part = packing.pack(open);
        out.write(part.bytes());
        blocks.add(new XzBlocks.Sizes(part.unpadded(), open.length));
        return new Stored(part.bytes().length, part.unpadded());
    }

    /** Where each member begins. */
    private static long[] offsets(Stock stock, Packing packing) {
        long[] offsets = new long[stock.members().size()];
        long offset = offsets.length == 0 ? 0 : stock.files().get(packing).head();
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = offset;
            offset += stock.members().get(i).stored().get(packing).length();
        }
        return offsets;
    }

    private static byte[] joined(List<byte[]> texts, int length) {
        ByteBuffer joined = ByteBuffer.allocate(length);
        texts.forEach(joined::put);
        return joined.array();
    }

    /** The file from which members are taken over, if there is one. */
    private static final class Source implements AutoCloseable {
        private final Lying lying;
        private final ByteBuffer buffer = ByteBuffer.allocate(SourceFile.BUFFER_SIZE);
        private FileChannel channel;

        Source(Lying lying) {
            this.lying = lying;
        }

        void copy(long offset, int length, OutputStream out) throws IOException {
            if (channel == null) {
                channel = FileChannel.open(lying.file());
            }
            for (int done = 0; done < length; done += buffer.limit()) {
                buffer.clear().limit(Math.min(buffer.capacity(), length - done));
                readFully(channel, offset + done, buffer, lying.file());
                out.write(buffer.array(), 0, buffer.limit());
            }
        }

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    /** Reads a record that {@link #write} wrote. */
    static Shelf read(List<ListFormat> formats, Path state, Path record) throws IOException {
        List<ListedPackage> packages = new ArrayList<>();
        List<Stock> stocks = new ArrayList<>();
        formats.forEach(format -> stocks.add(new Stock(new ArrayList<>(), new EnumMap<>(Packing.class))));
        List<String> names = formats.stream().map(ListFormat::name).toList();
        List<String> lines = Files.readAllLines(record);
        try {
            if (!lines.get(0).equals(FORM)) {
                throw new IllegalArgumentException(lines.get(0));
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] field = line.split("\t", -1);
                if (field[0].equals("package")) {
                    packages.add(listed(field));
                } else {
                    Stock stock = stocks.get(names.indexOf(field[1]));
                    if (field[0].equals("file")) {
                        stock.files()
                                .put(
                                        Packing.valueOf(field[2]),
                                        new Lying(state.resolve(field[4]), Integer.parseInt(field[3])));
                    } else {
                        stock.members().add(member(field));
                    }
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(
                    record + " is damaged; remove " + state + " and publish the channel's packages again", e);
        }
        return new Shelf(formats, packages, stocks);
    }

    private static ListedPackage listed(String[] field) {
        return new ListedPackage(
                field[1],
                field[2],
                field[3],
                field[4],
                field[5],
                field[6],
                Long.parseLong(field[7]),
                Long.parseLong(field[8]),
                Arrays.stream(field[9].split(",")).map(Integer::valueOf).toList());
    }

    private static Member member(String[] field) {
        Map<Packing, Stored> stored = new EnumMap<>(Packing.class);
        for (String one : Arrays.asList(field).subList(4, field.length)) {
            String[] part = one.split("[=/]", -1);
            stored.put(Packing.valueOf(part[0]), new Stored(Integer.parseInt(part[1]), Long.parseLong(part[2])));
        }
        return new Member(Integer.parseInt(field[2]), Integer.parseInt(field[3]), stored);
    }

    /** The files that a record names, without the lists. */
    static Set<String> paths(Path record) throws IOException {
        Set<String> paths = new HashSet<>();
        for (String line : Files.readAllLines(record)) {
            if (line.startsWith("package\t")) {
                paths.add(line.split("\t", 6)[4]);
            }
        }
        return paths;
    }
}
