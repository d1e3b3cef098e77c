package io.orrery.protocol;

/**
 * What a replica tells of its inside, between two inputs, to who checks it: see {@link ReplicaView#inspect}. A check of
 * a protocol's own invariants costs nothing where nobody inspects.
 */
public interface Inspection {
    /**
     * Something must hold now.
     *
     * @param which one of the invariants that the {@link ProtocolType} names
     * @param of what it holds of, or not; for the message
     */
    void invariant(NamedInvariant which, boolean holds, Object of);

    /**
     * A count that never falls, neither now nor in a later life that finds what the disk has confirmed in this one.
     *
     * @param which one of the invariants that the {@link ProtocolType} names
     * @param of what is counted
     */
    void remembers(NamedInvariant which, Object of, long count);

    /**
     * Something takes room, which is limited.
     *
     * @param most how much there may be
     */
    void keeps(String what, long now, long most);

    /** So much is in memory alone, and may be forgotten in a crash: the protocol learns it again. */
    void mayForget(String what, long count);

    /** So many writes were answered as accepted and have still to be handed on: they must arrive. */
    void accepted(long writes);

    /** Something still has to be done or given up: 0 when all replicas have been reachable and at rest for long enough. */
    void owes(String what, long count);
}
