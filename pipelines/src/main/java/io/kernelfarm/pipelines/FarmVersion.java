package io.kernelfarm.pipelines;

/** The version in the farm's jar. */
public final class FarmVersion {

    private FarmVersion() {}

    /** For example {@code 0.1.0}; {@code development} for classes that are in no jar. */
    public static String get() {
        String version = FarmVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
