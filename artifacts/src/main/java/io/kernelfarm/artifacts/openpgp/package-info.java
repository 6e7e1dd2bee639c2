/** Signatures in OpenPGP's form: the key, and what is signed with it. */
package io.kernelfarm.artifacts.openpgp;
