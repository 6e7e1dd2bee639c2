package io.kernelfarm.artifacts.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kernelfarm.artifacts.repository.PublishedPackage;

/** Package URLs (the purl specification, ECMA-427): one name for a package, wherever it lies. */
public final class PackageUrl {
    private PackageUrl() {}

    static String of(PublishedPackage one) {
        boolean deb = one.path().getFileName().toString().endsWith(".deb");
        return (deb ? "pkg:deb/" : "pkg:rpm/") + "kernel-farm/" + encoded(one.name()) + "@" + encoded(one.version())
                + "?arch=" + encoded(one.architecture());
    }

    static String debian(String name, String version) {
        return "pkg:deb/debian/" + encoded(name) + "@" + encoded(version) + "?arch=all";
    }

    static String of(Provenance.Source source) {
        if (source.uri().startsWith("pkg:")) {
            return source.uri();
        }
        String qualifier = source.uri().startsWith("git+") ? "?vcs_url=" : "?download_url=";
        return generic(source.name(), source.version()) + qualifier + encoded(source.uri());
    }

    static String of(Provenance.Tool tool) {
        return generic(tool.name(), tool.version());
    }

    /** A package of no package system. */
    public static String generic(String name, String version) {
        return "pkg:generic/" + encoded(name) + "@" + encoded(version);
    }

    private static String encoded(String part) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : part.getBytes(UTF_8)) {
            boolean plain = b > ' ' && (Character.isLetterOrDigit(b) || "-._~:".indexOf(b) >= 0);
            encoded.append(plain ? Character.toString(b) : String.format("%%%02X", b));
        }
        return encoded.toString();
    }
}
