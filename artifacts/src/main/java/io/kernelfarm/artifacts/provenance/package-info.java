/** Where packages come from: the SLSA statement, the CycloneDX list of parts, and their signatures. */
package io.kernelfarm.artifacts.provenance;
