package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Role;
import java.util.function.Supplier;

/** Observes replicas. Called on the replica's thread; must be quick and may not throw. */
public interface ReplicaObserver {
    ReplicaObserver NONE = new ReplicaObserver() {};

    /** A client's request reaches the replica. */
    default void received(NodeId at, ReplicaActor.ClientRequest request) {}

    /** The replica answers it. */
    default void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {}

    /** The replica shows an update from now on. */
    default void applied(NodeId at, Update update) {}

    /** An update is buffered; {@code waitsFor} gives a text that names the first missing dependency. */
    default void buffered(NodeId at, Update update, Supplier<String> waitsFor) {}

    /** A peer's message was dropped because too much is waiting. The protocol fetches it again. */
    default void dropped(NodeId at, ReplicaActor.PeerMessage message) {}

    /**
     * A peer's message was rejected as impossible: its sender is not a replica of this deployment, or is faulty.
     *
     * @param why one line for people; may contain text from the sender
     */
    default void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {}

    /** An update is not shown, because the replica holds a newer one. */
    default void superseded(NodeId at, Update update, Update by) {}

    /** The store has no room for a peer's update. Reported once, until the replica has the update. */
    default void lacksRoom(NodeId at, Update update) {}

    /**
     * The replica runs, with what it recovered from its journal.
     *
     * @param view the replica's state; to be read on the replica's thread only, until it has stopped
     */
    default void started(NodeId at, long incarnation, ReplicaView view) {}

    /** The replica has stopped. */
    default void stopped(NodeId at) {}

    /**
     * The replica's disk has failed: it cannot be read, or a sync failed. The replica stops, and is down until it is
     * restarted.
     *
     * @param cause its message is one line for people
     */
    default void diskFailed(NodeId at, Throwable cause) {}

    /** The replica has stopped by a bug. It is down until it is restarted. */
    default void failed(NodeId at, Throwable cause) {}

    default void paused(NodeId at) {}

    default void resumed(NodeId at) {}

    /** Peers have this many writes of the replica that it lacks itself: its disk is an older copy, or was lost. */
    default void forgot(NodeId at, long writes) {}

    /**
     * The replica has all that a peer had at first contact, since the start or since the peer became reachable again.
     */
    default void caughtUp(NodeId at, NodeId peer) {}

    /** The replica has another role among the others, another term, or another leader. */
    default void became(NodeId at, Role role) {}

    /**
     * Another process runs as the same replica and has replaced this one, which takes no more requests and stops once
     * the other replicas have all of its writes.
     *
     * @param by the start that has replaced it
     */
    default void replaced(NodeId at, Origin by) {}

    /** A replaced replica has ended: the other replicas have all of its writes. */
    default void ended(NodeId at) {}

    /**
     * The replicas are others than they were.
     *
     * @param isCommitted whether that stays, whoever fails
     */
    default void configured(NodeId at, Configuration configuration, boolean isCommitted) {}
}
