package io.jenkins.plugins.kernelfarm.repository;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as the dashboard writes them. */
final class Dates {
    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Dates() {}

    static String text(Instant instant) {
        return TEXT.format(instant);
    }
}
