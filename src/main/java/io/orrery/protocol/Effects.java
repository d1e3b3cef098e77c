package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The outputs of a protocol. Effects are performed in the order of the calls; effects after a {@link #persist} wait
 * until the entry is durable. So a crash never undoes what was sent, answered or shown. The protocol does not wait: its
 * next input may come before an effect is performed.
 */
public interface Effects {
    /** Sends a message, which may be lost, delayed or duplicated. */
    void send(NodeId to, Message message);

    /** Answers a client. Answering a request twice is a programming error. */
    void reply(Request request, Outcome outcome);

    /**
     * Appends an entry to the journal, for recovery after a crash. All entries of one input become durable together, or
     * not at all.
     */
    void persist(JournalEntry entry);

    /**
     * The store of values that are not kept in memory. Values put there become durable with the next persisted entry.
     */
    default Values values() {
        return Values.NONE;
    }

    /** Sets a timer, replacing an earlier setting of it. Does not wait for {@link #persist}. */
    void setTimer(Timer timer, Duration after);

    /** Reports that the replica shows this update from now on. */
    void applied(Update update);

    /** Reports that an update has arrived and is buffered, with the first dependency that is missing. */
    void buffered(Update update, String waitsFor);

    /** The same, with a text that is made only where somebody reads it. */
    default void buffered(Update update, Supplier<String> waitsFor) {
        buffered(update, waitsFor.get());
    }

    /** Reports that an update has arrived and is superseded by a newer one. */
    void superseded(Update update, Update by);

    /**
     * Reports how many of this replica's own writes it has forgotten and peers have: its disk is an older copy, or new.
     */
    void forgot(long writes);

    /**
     * Reports that this replica has all that a peer had when first heard from since the start, or since it became
     * {@linkplain Protocol#reachable reachable} again.
     */
    default void caughtUp(NodeId peer) {}

    /** Reports what this replica is among the others from now on. */
    default void became(Role role) {}

    /**
     * Reports that another start of this replica has replaced this one. From now on clients are refused, and pending
     * answers are dropped.
     */
    void replaced(Origin by);

    /** Ends a {@linkplain #replaced replaced} replica, when no write is left that only it has. */
    void end();

    /**
     * Reports that an update of a peer was not applied because the store is full. Reported once until the replica has
     * caught up.
     */
    default void lacksRoom(Update update) {}

    /**
     * Reports who the replicas are from now on. There must be a way to each of them, and none to others is needed.
     *
     * @param isCommitted whether it stays, whoever fails
     */
    default void configured(Configuration configuration, boolean isCommitted) {}
}
