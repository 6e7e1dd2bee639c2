/**
 * What a matrix looks like to others: {@code matrix.json} for programs, {@code junit.xml} and {@code kcidb.json} for CI servers, a table
 * for the terminal.
 */
package io.kernelfarm.bootmatrix.report;
