/**
 * What a matrix looks like to others: {@code matrix.json} for programs, {@code junit.xml} for CI servers, a table for the
 * terminal, and the dashboard's pages for people.
 */
package io.kernelfarm.bootmatrix.report;
