package io.jenkins.plugins.kernelfarm.pages;

/** The plugin's own symbols: {@code images/symbols/NAME.svg}. */
final class Icons {
    static final String MATRIX = "symbol-boot-matrix plugin-kernel-farm";

    private Icons() {}
}
