package io.kernelfarm.artifacts;

/**
 * What a package says of itself to people.
 *
 * @param summary one line, without a full stop at the end
 * @param description any number of lines
 * @param maintainer {@code Name <address>}
 * @param license an SPDX expression
 * @param section the deb's {@code Section} and the rpm's {@code Group}, for example {@code kernel}
 * @param homepage a URL, or empty
 */
public record PackageInfo(
        String summary, String description, String maintainer, String license, String section, String homepage) {
    public PackageInfo {
        oneLine("summary", summary);
        oneLine("maintainer", maintainer);
        oneLine("license", license);
        oneLine("section", section);
        if (!homepage.isEmpty()) {
            oneLine("homepage", homepage);
        }
    }

    static void oneLine(String what, String value) {
        if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the package's " + what + " must be one line of text: '"
                    + value.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }
}
