package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import java.time.Duration;

/**
 * What a protocol can have done. Effects are carried out in the order in which they are asked for; after a
 * {@link #persist}, the later ones wait until the entry is safe on disk. So nothing is sent, answered or shown that a
 * crash could take back. The protocol does not wait: its next input may come before an effect is carried out.
 */
public interface Effects {
    /** Sends a message; it may be lost, late or doubled on its way. */
    void send(NodeId to, Message message);

    /** Answers a client. A request that is answered twice is a mistake of the protocol. */
    void reply(Request request, Outcome outcome);

    /** Keeps an entry, to be found again after a crash. All that one input persists becomes durable together, or not at all. */
    void persist(JournalEntry entry);

    /**
     * Where values are kept that a replica does not keep in memory. What is put there becomes durable with what is
     * persisted next.
     */
    default Values values() {
        return Values.NONE;
    }

    /** Sets a timer, instead of any earlier setting of the same timer. Not held up by {@link #persist}. */
    void setTimer(Timer timer, Duration after);

    /** Says that the replica shows this update from now on. */
    void applied(Update update);

    /** Says that an update has come and is held back, and what it waits for first. */
    void buffered(Update update, String waitsFor);

    /** Says that an update arrived which the replica does not show, as it holds a newer one. */
    void superseded(Update update, Update by);

    /** Says that peers have so many writes of this replica that it has forgotten: its memory is an older copy, or was lost. */
    void forgot(long writes);

    /**
     * Says that all is here that a peer had when it was first heard since the start, or since it was {@linkplain
     * Protocol#reachable reached} again.
     */
    default void caughtUp(NodeId peer) {}

    /**
     * Says that another start of this replica has taken the place of this one. From now on clients are refused, and what they
     * have not been told yet they never are.
     */
    void replaced(Origin by);

    /** Has a replica end that was {@linkplain #replaced replaced}: nothing is left that only it has. */
    void end();

    /**
     * Says that an update of a peer is not taken in, as the store has no room for it. Said once, until the replica has
     * again all that its peers are known to have.
     */
    default void lacksRoom(Update update) {}
}
