package io.kernelfarm.artifacts;

/** When a package's script runs: {@code preinst} and its like in a deb, {@code %pre} and its like in an rpm. */
public enum ScriptHook {
    PRE_INSTALL,
    POST_INSTALL,
    PRE_REMOVE,
    POST_REMOVE,
    /** After all packages of one transaction are in place; an rpm only. */
    POST_TRANSACTION
}
