package io.kernelfarm.pipelines;

/** For tests that do not look at what is said meanwhile. */
public final class SilentProgress implements Progress {

    @Override
    public void note(String sentence) {}

    @Override
    public void at(double fraction, String detail) {}
}
