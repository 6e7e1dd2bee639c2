package io.kernelfarm.pipelines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A real git repository whose commits are given by their parents; the last one is the branch {@code main}. Each has files that
 * make it look like a kernel.
 */
final class GitHistory {

    private final Path folder;
    private final List<List<Integer>> parents;
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    private GitHistory(Path folder, List<List<Integer>> parents) {
        this.folder = folder;
        this.parents = parents;
    }

    /** Makes the repository in {@code folder}, which is not there yet, with its work tree. */
    static GitHistory make(Path folder, List<List<Integer>> parents) throws IOException {
        Files.createDirectories(folder);
        Command.of("git", "init", "--quiet", "--initial-branch=main", folder.toString())
                .output();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < parents.size(); i++) {
            String message = "Change number " + i;
            stream.append("commit refs/heads/main\nmark :").append(i + 1).append('\n');
            stream.append("author Ada Lovelace <ada@example.org> ")
                    .append(1_700_000_000 + i * 60)
                    .append(" +0100\n");
            stream.append("committer A Farm <farm@example.org> ")
                    .append(1_700_000_030 + i * 60)
                    .append(" +0000\n");
            stream.append("data ")
                    .append(message.length())
                    .append('\n')
                    .append(message)
                    .append('\n');
            String how = "from :";
            for (int parent : parents.get(i)) {
                stream.append(how).append(parent + 1).append('\n');
                how = "merge :";
            }
            file(stream, "Kconfig", "# none\n");
            file(stream, "Makefile", "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = " + i + "\nEXTRAVERSION =\n");
            file(stream, "drivers/" + i % 3 + ".c", "int number = " + i + ";\n");
            stream.append('\n');
        }
        Path marks = folder.resolve(".git/marks");
        Path input = Files.writeString(folder.resolve(".git/stream"), stream.toString());
        Command.of("sh", "-c", "git fast-import --quiet --export-marks=" + marks + " < " + input)
                .in(folder)
                .output();
        Command.of("git", "reset", "--quiet", "--hard", "main").in(folder).output();
        GitHistory history = new GitHistory(folder, parents);
        String[] ids = new String[parents.size()];
        for (String line : Files.readAllLines(marks)) {
            String[] words = line.split(" ", -1); // ":MARK HASH"
            ids[Integer.parseInt(words[0].substring(1)) - 1] = words[1];
        }
        history.ids.addAll(List.of(ids));
        for (int i = 0; i < ids.length; i++) {
            history.numbers.put(ids[i], i);
        }
        return history;
    }

    private static void file(StringBuilder stream, String name, String content) {
        stream.append("M 100644 inline ").append(name).append('\n');
        stream.append("data ")
                .append(content.getBytes(StandardCharsets.UTF_8).length)
                .append('\n')
                .append(content)
                .append('\n');
    }

    Path folder() {
        return folder;
    }

    String id(int number) {
        return ids.get(number);
    }

    int number(String id) {
        return numbers.get(id);
    }

    /** {@code number} and all that it comes from. */
    Set<Integer> ancestors(int number) {
        Set<Integer> all = new HashSet<>(Set.of(number));
        parents.get(number).forEach(parent -> all.addAll(ancestors(parent)));
        return all;
    }

    String git(String... words) throws IOException {
        return Command.of("git").and(words).in(folder).output();
    }
}
