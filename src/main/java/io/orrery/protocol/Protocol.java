package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Start;

/**
 * The part of a replica that decides: a state machine. Inputs come in by the methods below, one at a time; what it wants
 * done goes out by the {@link Effects} that it was made with. It has no clock of the wall, no randomness, no thread and
 * no input or output of its own, so the same inputs in the same order give the same effects in either runtime.
 *
 * <p>Life: {@link #recover} for each journal entry that the replica finds, in order; then {@link #start} once; then the
 * other inputs in any order. A replica that crashed comes back as a new protocol object.
 */
public interface Protocol extends ReplicaView {
    /** An entry of the journal is found again after a crash. May use no effects. */
    void recover(JournalEntry entry);

    /**
     * All that was found is recovered; the replica begins (or goes on) to take part.
     *
     * @param start tells this start from every other; drawn at random by the runtime
     */
    void start(Start start);

    /** A client asks something. Answered by {@link Effects#reply}, at once or later, and once at the most. */
    void request(Request request);

    /** A peer's message has arrived. It may be late, doubled, or out of order. */
    void message(NodeId from, Message message);

    /** A timer that was set has run out. */
    void timer(Timer timer);

    /** How high this replica has counted versions: about that of its next write, or more. */
    long counted();

    /** The number of the latest start of a replica that this one has heard of; 0 where starts have none. */
    default long startsOf(NodeId replica) {
        return 0;
    }

    /** A peer can perhaps be reached again: a link was healed, or the peer came back. A hint; it may be wrong. */
    void reachable(NodeId peer);

    /** A peer is not reached now. A hint, which may be given again and again; it may be wrong. */
    default void unreachable(NodeId peer) {}

    /** How far the replica has come since its {@link #start}. Its cost grows with the number of peers only. */
    Standing standing();
}
