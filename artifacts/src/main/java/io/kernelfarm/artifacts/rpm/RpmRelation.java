package io.kernelfarm.artifacts.rpm;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One provides, requires, … of an rpm.
 *
 * @param flags {@code RPMSENSE_*}
 * @param version empty for any
 */
public record RpmRelation(String name, int flags, String version) implements Comparable<RpmRelation> {
    static final Map<String, Integer> SENSES = Map.of(
            "<", RpmTag.SENSE_LESS,
            "<=", RpmTag.SENSE_LESS | RpmTag.SENSE_EQUAL,
            "=", RpmTag.SENSE_EQUAL,
            ">=", RpmTag.SENSE_GREATER | RpmTag.SENSE_EQUAL,
            ">", RpmTag.SENSE_GREATER);
    private static final Pattern SYNTAX = Pattern.compile("(\\S+)(?:\\s+(<=|>=|<|>|=)\\s+(\\S+))?");
    private static final Pattern RICH = Pattern.compile("\\(\\S.* (?:and|or|if|else|with|without|unless) .*\\S\\)");

    /**
     * Whether it is a boolean dependency, {@code (a if b)} (rpm's {@code docs/manual/boolean_dependencies.md}). rpm keeps the
     * whole text as a name.
     */
    static boolean isRich(String relation) {
        return relation.startsWith("(");
    }

    /** @param relation as in a spec file: {@code name}, {@code name >= version} or {@code (a if b)} */
    static RpmRelation parse(String relation) {
        if (isRich(relation)) {
            if (!RICH.matcher(relation).matches() || !isBalanced(relation)) {
                throw new IllegalArgumentException(
                        "'" + relation + "' is no boolean dependency of an rpm; write one such as '(a if b)'");
            }
            return new RpmRelation(relation, 0, "");
        }
        Matcher matcher = SYNTAX.matcher(relation.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + relation + "' is no relation of an rpm; write 'name' or 'name >= version'");
        }
        return matcher.group(2) == null
                ? new RpmRelation(matcher.group(1), 0, "")
                : new RpmRelation(matcher.group(1), SENSES.get(matcher.group(2)), matcher.group(3));
    }

    /** Whether the parenthesis that it starts with ends with it, and not before. */
    private static boolean isBalanced(String rich) {
        int depth = 0;
        for (int i = 0; i < rich.length(); i++) {
            depth += rich.charAt(i) == '(' ? 1 : rich.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i == rich.length() - 1;
            }
        }
        return false;
    }

    @Override
    public int compareTo(RpmRelation other) {
        return Comparator.comparing(RpmRelation::name)
                .thenComparing(RpmRelation::version)
                .thenComparingInt(RpmRelation::flags)
                .compare(this, other);
    }
}
