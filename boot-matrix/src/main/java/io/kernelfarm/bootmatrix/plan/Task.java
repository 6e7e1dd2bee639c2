package io.kernelfarm.bootmatrix.plan;

/**
 * A cell that is to be booted.
 *
 * @param cell its id, unique among all tasks
 * @param start what its machine has to have been started with
 * @param seconds that it keeps the machine busy once it is
 */
public record Task(String cell, Start start, double seconds) {}
