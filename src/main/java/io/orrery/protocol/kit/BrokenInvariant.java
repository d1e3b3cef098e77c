package io.orrery.protocol.kit;

/**
 * An invariant of a protocol is broken: its state is wrong, and all further steps could be wrong. The runtime stops the
 * replica, logs the message, and performs none of its pending effects.
 */
public final class BrokenInvariant extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BrokenInvariant(String what) {
        super(what);
    }
}
