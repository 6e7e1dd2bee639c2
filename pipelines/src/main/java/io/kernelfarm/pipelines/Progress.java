package io.kernelfarm.pipelines;

/** What a stage may say while it works. */
public interface Progress {

    /** One sentence worth keeping. */
    void note(String sentence);

    /**
     * How far the stage is.
     *
     * @param fraction from 0 to 1; negative if it cannot be known
     * @param detail a few words, for example {@code 812 of 1740 files}
     */
    void at(double fraction, String detail);
}
