package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The protocol of a replica: a state machine. Inputs arrive by the methods below, one at a time; outputs leave by the
 * {@link Effects} given to the constructor. It reads no wall clock, draws no random numbers, starts no thread and does
 * no I/O, so the same inputs in the same order give the same effects in both runtimes.
 *
 * <p>Life cycle: {@link #recover} for each journal entry, in order; then {@link #start} once; then the other inputs in
 * any order. After a crash a replica gets a new protocol object.
 */
public interface Protocol extends ReplicaView {
    /** Recovers an entry of the journal. May not use effects. */
    void recover(JournalEntry entry);

    /**
     * Recovery is complete, and the replica begins to take part.
     *
     * @param start the identity of this start, drawn at random by the runtime
     */
    void start(Start start);

    /** A client's request. Answered by {@link Effects#reply}, at once or later, at most once. */
    void request(Request request);

    /** A message from a peer. It may be delayed, duplicated, or out of order. */
    void message(NodeId from, Message message);

    /** A timer has fired. */
    void timer(Timer timer);

    /** The highest version counter of this replica: about that of its next write, or more. */
    long counted();

    /** The number of the latest start of a replica that this one has heard of; 0 if starts have no numbers. */
    default long startsOf(NodeId replica) {
        return 0;
    }

    /** Who the replicas are, where that can change while they run; empty where the deployment's file alone says it. */
    default Optional<ConfigurationStatus> configuration() {
        return Optional.empty();
    }

    /**
     * Changes who the replicas are. Called only where there is a {@link #configuration}.
     *
     * @param answer called at most once, during this or a later input; what it tells waits for the disk like any other effect
     */
    default void change(ConfigurationChange change, Consumer<ConfigurationChange.Answer> answer) {
        throw new UnsupportedOperationException("the replicas of this protocol do not change");
    }

    /** A hint, possibly wrong, that a peer is reachable again: a link was healed, or the peer restarted. */
    void reachable(NodeId peer);

    /** A hint, possibly wrong or repeated, that a peer is unreachable. */
    default void unreachable(NodeId peer) {}

    /** What the replica can serve since its {@link #start}. The cost grows only with the number of peers. */
    ServiceStatus serviceStatus();
}
