package io.kernelfarm.configs;

import io.kernelfarm.configs.Kconfig.Choice;
import io.kernelfarm.configs.Kconfig.Definition;
import io.kernelfarm.configs.Kconfig.Option;
import io.kernelfarm.configs.Kconfig.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Kconfig files (Documentation/kbuild/kconfig-language.rst): the blocks, what they depend on and select, and
 * which menus, {@code if}s and choices are around them. A line that it does not know is left alone, because nothing
 * but an explanation hangs on it.
 */
final class KconfigReader {
    private static final Pattern WORDS = Pattern.compile("(\\w+)(?![\\w-])\\s*(.*)");
    private static final Pattern QUOTED = Pattern.compile("(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)')\\s*(.*)");
    private static final Pattern IF = Pattern.compile("(?:^|.*?\\s)if\\s+(.*)");
    private static final int TAB_WIDTH = 8;
    private static final int DEEPEST_SOURCE = 50;

    private final KernelTree tree;
    private final Map<String, Found> found = new TreeMap<>();
    private final Map<String, List<Selection>> selections = new LinkedHashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();

    KconfigReader(KernelTree tree) {
        this.tree = tree;
    }

    /** A menu, an {@code if} or a choice that is open. */
    private static final class Frame {
        private Expression depends = Expression.always();
        private Expression visible = Expression.always();
        private String prompt = "";
        private final List<String> members = new ArrayList<>();
        private final boolean isChoice;

        private Frame(boolean isChoice) {
            this.isChoice = isChoice;
        }
    }

    /** A {@code config} block while it is being read. */
    private static final class Block {
        private final String name;
        private final String file;
        private final int line;
        private Expression depends;
        private Expression promptCondition;
        private String prompt = "";
        private Optional<Choice> choice = Optional.empty();

        private Block(String name, String file, int line, Expression depends, Expression visible) {
            this.name = name;
            this.file = file;
            this.line = line;
            this.depends = depends;
            this.promptCondition = visible;
        }

        private Definition definition() {
            return new Definition(file, line, depends, prompt, promptCondition, choice);
        }
    }

    /** All that is known of one option. */
    private static final class Found {
        private String type = "";
        private final List<Block> blocks = new ArrayList<>();
    }

    Kconfig read() throws IOException {
        String release = "Linux " + tree.version() + " for " + tree.arch();
        readFile("Kconfig", 0);
        Map<String, Option> options = new TreeMap<>();
        found.forEach((name, option) -> options.put(
                name,
                new Option(
                        name,
                        option.type,
                        option.blocks.stream().map(Block::definition).toList(),
                        List.copyOf(selections.getOrDefault(name, List.of())))));
        return new Kconfig(release, options);
    }

    private void readFile(String name, int depth) throws IOException {
        Path file = tree.source().resolve(name).normalize();
        if (depth > DEEPEST_SOURCE || !file.startsWith(tree.source()) || !Files.isRegularFile(file)) {
            return;
        }
        List<String> lines = Files.readAllLines(file);
        int open = frames.size();
        Block block = null;
        for (int index = 0; index < lines.size(); index++) {
            int lineNumber = index + 1;
            StringBuilder joined = new StringBuilder(lines.get(index));
            while (joined.length() > 0 && joined.charAt(joined.length() - 1) == '\\' && index + 1 < lines.size()) {
                joined.setLength(joined.length() - 1);
                joined.append(lines.get(++index));
            }
            Matcher words = WORDS.matcher(withoutComment(joined.toString()).strip());
            if (!words.matches()) {
                continue;
            }
            String rest = words.group(2);
            switch (words.group(1)) {
                case "config", "menuconfig" -> block = open(rest, name, lineNumber);
                case "menu", "choice" -> {
                    block = null;
                    frames.push(new Frame(words.group(1).equals("choice")));
                }
                case "if" -> {
                    block = null;
                    frames.push(new Frame(false));
                    frames.element().depends = condition(rest);
                }
                case "endmenu", "endchoice", "endif" -> {
                    block = null;
                    if (frames.size() > open) {
                        frames.pop();
                    }
                }
                case "comment" -> block = new Block("", name, lineNumber, Expression.always(), Expression.always());
                case "source" -> {
                    block = null;
                    readFile(unquoted(rest).replace("$(SRCARCH)", tree.sourceArch()), depth + 1);
                }
                case "help" -> index = lastLineOfHelp(lines, index);
                default -> attribute(block, words.group(1), rest);
            }
        }
    }

    private Block open(String name, String file, int line) {
        Expression depends = Expression.always();
        Expression visible = Expression.always();
        for (Frame frame : (Iterable<Frame>) frames::descendingIterator) {
            depends = depends.and(frame.depends);
            visible = visible.and(frame.visible);
        }
        Block block = new Block(name, file, line, depends, visible);
        Frame around = frames.peek();
        if (around != null && around.isChoice) {
            around.members.add(name);
            block.choice = Optional.of(new Choice(around.prompt, around.members));
        }
        found.computeIfAbsent(name, unknown -> new Found()).blocks.add(block);
        return block;
    }

    /** A line that says something about the block, or, where none is open, about the menu or choice. */
    private void attribute(Block block, String keyword, String rest) {
        if (block == null) {
            frameAttribute(keyword, rest);
            return;
        }
        switch (keyword) {
            case "bool", "tristate", "string", "hex", "int", "def_bool", "def_tristate" -> {
                Found option = found.get(block.name);
                if (option != null && option.type.isEmpty()) {
                    option.type = keyword.replace("def_", "");
                }
                if (!keyword.startsWith("def_")) {
                    prompt(block, rest);
                }
            }
            case "prompt" -> prompt(block, rest);
            case "depends" -> block.depends = block.depends.and(condition(rest.replaceFirst("^on\\s+", "")));
            case "select" -> {
                Matcher target = WORDS.matcher(rest);
                if (target.matches()) {
                    selections
                            .computeIfAbsent(target.group(1), unknown -> new ArrayList<>())
                            .add(new Selection(block.name, conditionAfterIf(target.group(2))));
                }
            }
            default -> {
                // Defaults and ranges: the kernel's tool knows them, and no explanation needs them.
            }
        }
    }

    private void frameAttribute(String keyword, String rest) {
        Frame frame = frames.peek();
        if (frame == null) {
            return;
        }
        switch (keyword) {
            case "depends" -> frame.depends = frame.depends.and(condition(rest.replaceFirst("^on\\s+", "")));
            case "visible" -> frame.visible = frame.visible.and(conditionAfterIf(rest));
            case "prompt", "bool", "tristate" -> {
                Matcher quoted = QUOTED.matcher(rest);
                if (quoted.matches()) {
                    frame.prompt = quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
                    frame.visible = frame.visible.and(conditionAfterIf(quoted.group(3)));
                }
            }
            default -> {
                // A choice's default is the kernel's tool's affair.
            }
        }
    }

    private static void prompt(Block block, String rest) {
        Matcher quoted = QUOTED.matcher(rest);
        if (quoted.matches()) {
            block.prompt = quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
            block.promptCondition = block.promptCondition.and(conditionAfterIf(quoted.group(3)));
        }
    }

    private static Expression conditionAfterIf(String rest) {
        Matcher condition = IF.matcher(rest);
        return condition.matches() ? condition(condition.group(1)) : Expression.always();
    }

    private static Expression condition(String text) {
        try {
            return Expression.parse(text);
        } catch (IllegalArgumentException e) {
            return new Expression.Macro(text);
        }
    }

    private static String unquoted(String text) {
        Matcher quoted = QUOTED.matcher(text);
        return quoted.matches() && quoted.group(1) != null ? quoted.group(1) : text;
    }

    private static String withoutComment(String line) {
        char quote = 0;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '#') {
                return line.substring(0, at);
            } else if (line.startsWith("$(", at)) {
                at = Expression.endOfMacro(line, at) - 1;
            }
        }
        return line;
    }

    /** The help text ends before the first line that is indented less than its first one. */
    private static int lastLineOfHelp(List<String> lines, int helpLine) {
        int indent = -1;
        int last = helpLine;
        for (int index = helpLine + 1; index < lines.size(); index++) {
            String line = lines.get(index);
            if (line.isBlank()) {
                continue;
            }
            int here = indentOf(line);
            if (indent < 0) {
                indent = here;
            }
            if (here < indent || here == 0) {
                return last;
            }
            last = index;
        }
        return last;
    }

    private static int indentOf(String line) {
        int column = 0;
        for (int at = 0; at < line.length(); at++) {
            if (line.charAt(at) == '\t') {
                column += TAB_WIDTH - column % TAB_WIDTH;
            } else if (line.charAt(at) == ' ') {
                column++;
            } else {
                break;
            }
        }
        return column;
    }
}
