package io.kernelfarm.pipelines;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The stages of a run, in their order. */
public enum Stage {
    SOURCE,
    CONFIGURE,
    COMPILE,
    REPRODUCE,
    PACKAGE,
    PUBLISH,
    BOOT,
    PROMOTE,
    REPORT;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return id();
    }
}
