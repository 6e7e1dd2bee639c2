package io.kernelfarm.pipelines.builder;

/**
 * What a kernel is compiled with. The distribution's revision is part of what both say of themselves.
 *
 * @param compiler first line of {@code gcc --version}
 * @param linker first line of {@code ld --version}
 */
public record Toolchain(String compiler, String linker) {}
