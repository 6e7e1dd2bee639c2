package io.kernelfarm.bootmatrix;

/**
 * A console line that a verdict rests on.
 *
 * @param line its number in the attempt's console log, from 1; 0 for a reading that is not on the console
 * @param text the line as it was printed, without its end; of an answer, what was answered
 */
public record Evidence(int line, String text) {}
