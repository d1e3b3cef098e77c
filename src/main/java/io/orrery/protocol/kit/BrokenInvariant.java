package io.orrery.protocol.kit;

/**
 * A protocol relies on something that does not hold: its state is wrong, and whatever it did next could be wrong too. Whoever runs
 * the replica stops it, says the message, and carries out nothing more of what the replica wanted.
 */
public final class BrokenInvariant extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BrokenInvariant(String what) {
        super(what);
    }
}
