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

    /** @param relation as in a spec file: {@code name} or {@code name >= version} */
    static RpmRelation parse(String relation) {
        Matcher matcher = SYNTAX.matcher(relation.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + relation + "' is no relation of an rpm; write 'name' or 'name >= version'");
        }
        return matcher.group(2) == null
                ? new RpmRelation(matcher.group(1), 0, "")
                : new RpmRelation(matcher.group(1), SENSES.get(matcher.group(2)), matcher.group(3));
    }

    @Override
    public int compareTo(RpmRelation other) {
        return Comparator.comparing(RpmRelation::name)
                .thenComparing(RpmRelation::version)
                .thenComparingInt(RpmRelation::flags)
                .compare(this, other);
    }
}
