package io.kernelfarm.configs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What the options have that no fragment mentions. The names are those of the kernel's own make targets. */
public enum Base {
    /** Everything is off that can be. */
    ALLNOCONFIG("allnoconfig"),
    /** What the architecture's maintainers recommend. */
    DEFCONFIG("defconfig");

    private final String target;

    Base(String target) {
        this.target = target;
    }

    /** The make target, which is also the name in a profile. */
    public String target() {
        return target;
    }

    /**
     * The base called {@code name}.
     *
     * @throws ConfigException naming the bases that there are
     */
    public static Base of(String name) {
        for (Base base : values()) {
            if (base.target.equals(name)) {
                return base;
            }
        }
        throw new ConfigException("unknown base '" + name + "'; the bases are "
                + Arrays.stream(values()).map(Base::target).collect(Collectors.joining(", ")));
    }
}
