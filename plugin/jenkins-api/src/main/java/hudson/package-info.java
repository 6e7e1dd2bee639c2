/**
 * Signatures of the few Jenkins types that Kernel Farm's plugin calls, and nothing else.
 *
 * <p>Jenkins' own artifacts are not on Maven Central, so the default build compiles the plugin against these. Names,
 * kinds, generics, bounds and annotations are those of Jenkins, because the plugin's bytecode follows from them; there
 * is no behaviour: a method that is called here throws {@link UnsupportedOperationException}, and a constant has an
 * identity and no more. Nothing of this module is ever packaged. Add a member when the plugin first calls it, and let
 * {@code SignatureTest} compare it with a real Jenkins.
 *
 * <p>Source: the public API of Jenkins 2.516.3 (packages {@code hudson} and {@code jenkins}) and of the libraries it
 * exposes (Stapler, Symbol).
 */
package hudson;
