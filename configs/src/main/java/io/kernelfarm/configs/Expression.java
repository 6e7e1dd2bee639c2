package io.kernelfarm.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A condition in a Kconfig file. It has one of the three values of a tristate, written as their order has them:
 * 0 for {@code n}, 1 for {@code m}, 2 for {@code y} (Documentation/kbuild/kconfig-language.rst, "Menu dependencies").
 */
sealed interface Expression {
    /** The condition that nobody wrote down. */
    static Expression always() {
        return new Literal("y");
    }

    record Symbol(String name) implements Expression {}

    /** {@code y}, {@code m}, {@code n}, or another value that stands for itself; strings without their quotes. */
    record Literal(String text) implements Expression {}

    /** {@code $(…)}: something the build tool finds out, mostly about the compiler. We take it to be fulfilled. */
    record Macro(String text) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Comparison(Expression left, String operator, Expression right) implements Expression {
        /** As numbers if both sides are, else as text; a macro's side could be anything, so that holds. */
        private boolean holds(DotConfig config) {
            if (left instanceof Macro || right instanceof Macro) {
                return true;
            }
            String leftText = left.text(config);
            String rightText = right.text(config);
            int order = leftText.matches("\\d{1,18}") && rightText.matches("\\d{1,18}")
                    ? Long.compare(Long.parseLong(leftText), Long.parseLong(rightText))
                    : leftText.compareTo(rightText);
            return switch (operator) {
                case "=" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }
    }

    /** 0, 1 or 2: the level of {@code n}, {@code m} and {@code y}; any other value has level 0. */
    static int level(String value) {
        return value.equals("y") ? 2 : value.equals("m") ? 1 : 0;
    }

    /** The level of this condition under {@code config}. */
    default int level(DotConfig config) {
        if (this instanceof And and) {
            return Math.min(and.left.level(config), and.right.level(config));
        } else if (this instanceof Or or) {
            return Math.max(or.left.level(config), or.right.level(config));
        } else if (this instanceof Not not) {
            return 2 - not.operand.level(config);
        } else if (this instanceof Comparison comparison) {
            return comparison.holds(config) ? 2 : 0;
        } else if (this instanceof Macro) {
            return 2;
        }
        return level(text(config));
    }

    /** The value that a comparison sees. */
    private String text(DotConfig config) {
        if (this instanceof Symbol symbol) {
            String value = config.value(symbol.name);
            return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
        }
        return this instanceof Literal literal ? literal.text : toText();
    }

    /** The parts that must all hold. */
    default Stream<Expression> conjuncts() {
        return this instanceof And and ? Stream.concat(and.left.conjuncts(), and.right.conjuncts()) : Stream.of(this);
    }

    /** The symbols because of which this condition stays below {@code wanted}, in the order they are written. */
    default Stream<String> culprits(DotConfig config, int wanted) {
        if (level(config) >= wanted) {
            return Stream.empty();
        } else if (this instanceof And and) {
            return Stream.concat(and.left.culprits(config, wanted), and.right.culprits(config, wanted));
        } else if (this instanceof Or or) {
            return Stream.concat(or.left.culprits(config, wanted), or.right.culprits(config, wanted));
        }
        return symbols();
    }

    private Stream<String> symbols() {
        if (this instanceof Symbol symbol) {
            return Stream.of(symbol.name);
        } else if (this instanceof Not not) {
            return not.operand.symbols();
        } else if (this instanceof And and) {
            return Stream.concat(and.left.symbols(), and.right.symbols());
        } else if (this instanceof Or or) {
            return Stream.concat(or.left.symbols(), or.right.symbols());
        } else if (this instanceof Comparison comparison) {
            return Stream.concat(comparison.left.symbols(), comparison.right.symbols());
        }
        return Stream.empty();
    }

    /** Both conditions; {@link #always()} leaves the other as it is. */
    default Expression and(Expression other) {
        return equals(always()) ? other : other.equals(always()) ? this : new And(this, other);
    }

    /** As Kconfig writes it. */
    default String toText() {
        if (this instanceof Symbol symbol) {
            return symbol.name;
        } else if (this instanceof Literal literal) {
            return literal.text;
        } else if (this instanceof Macro macro) {
            return macro.text;
        } else if (this instanceof Not not) {
            return "!" + not.operand.operandText();
        } else if (this instanceof And and) {
            return and.left.conjunctText() + " && " + and.right.conjunctText();
        } else if (this instanceof Or or) {
            return or.left.disjunctText() + " || " + or.right.disjunctText();
        }
        Comparison comparison = (Comparison) this;
        return comparison.left.operandText() + " " + comparison.operator + " " + comparison.right.operandText();
    }

    private String conjunctText() {
        return this instanceof Or ? "(" + toText() + ")" : toText();
    }

    private String disjunctText() {
        return this instanceof And ? "(" + toText() + ")" : toText();
    }

    private String operandText() {
        return this instanceof And || this instanceof Or || this instanceof Comparison
                ? "(" + toText() + ")"
                : toText();
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static Expression parse(String text) {
        Parser parser = new Parser(tokens(text));
        Expression expression = parser.or();
        if (parser.next < parser.tokens.size()) {
            throw new IllegalArgumentException("cannot read the condition '" + text + "'");
        }
        return expression;
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end;
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            } else if (text.startsWith("&&", at) || text.startsWith("||", at)) {
                end = at + 2;
            } else if ((c == '!' || c == '<' || c == '>') && text.startsWith("=", at + 1)) {
                end = at + 2;
            } else if ("!=<>()".indexOf(c) >= 0) {
                end = at + 1;
            } else if (c == '"' || c == '\'') {
                int quote = text.indexOf(c, at + 1);
                end = quote < 0 ? text.length() : quote + 1;
            } else if (text.startsWith("$(", at)) {
                end = endOfMacro(text, at);
            } else {
                end = at + 1;
                while (end < text.length() && isWord(text.charAt(end))) {
                    end++;
                }
            }
            tokens.add(text.substring(at, end));
            at = end;
        }
        return tokens;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '/';
    }

    /** The index behind the parenthesis that closes the macro at {@code at}. */
    static int endOfMacro(String text, int at) {
        int depth = 0;
        for (int end = at; end < text.length(); end++) {
            if (text.charAt(end) == '(') {
                depth++;
            } else if (text.charAt(end) == ')' && --depth == 0) {
                return end + 1;
            }
        }
        return text.length();
    }

    /** Recursive descent; {@code !} binds closest, then the comparisons, {@code &&}, and {@code ||}. */
    final class Parser {
        private static final Set<String> COMPARISONS = Set.of("=", "!=", "<", "<=", ">", ">=");

        private final List<String> tokens;
        private int next;

        private Parser(List<String> tokens) {
            this.tokens = tokens;
        }

        private boolean takes(String token) {
            boolean taken = next < tokens.size() && tokens.get(next).equals(token);
            if (taken) {
                next++;
            }
            return taken;
        }

        private Expression or() {
            Expression left = and();
            while (takes("||")) {
                left = new Or(left, and());
            }
            return left;
        }

        private Expression and() {
            Expression left = comparison();
            while (takes("&&")) {
                left = new And(left, comparison());
            }
            return left;
        }

        private Expression comparison() {
            Expression left = operand();
            if (next < tokens.size() && COMPARISONS.contains(tokens.get(next))) {
                return new Comparison(left, tokens.get(next++), operand());
            }
            return left;
        }

        private Expression operand() {
            if (takes("!")) {
                return new Not(operand());
            }
            if (takes("(")) {
                Expression inner = or();
                if (!takes(")")) {
                    throw new IllegalArgumentException("a parenthesis is not closed in " + String.join(" ", tokens));
                }
                return inner;
            }
            if (next == tokens.size()) {
                throw new IllegalArgumentException("something is missing at the end of " + String.join(" ", tokens));
            }
            String token = tokens.get(next++);
            if (token.startsWith("$(") || token.contains("\"$(")) {
                return new Macro(token);
            } else if (token.startsWith("\"") || token.startsWith("'")) {
                return new Literal(token.substring(1, Math.max(1, token.length() - 1)));
            } else if (token.equals("y") || token.equals("m") || token.equals("n") || isNumber(token)) {
                return new Literal(token);
            } else if (isWord(token.charAt(0))) {
                return new Symbol(token);
            }
            throw new IllegalArgumentException("'" + token + "' is misplaced in " + String.join(" ", tokens));
        }

        private static boolean isNumber(String token) {
            return token.matches("-?\\d+|0[xX][0-9a-fA-F]+");
        }
    }
}
