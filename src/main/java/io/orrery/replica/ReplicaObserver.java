package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.ReplicaView;

/** Hears what happens at replicas. Called on the replica's thread; must be quick and may not throw. */
public interface ReplicaObserver {
    ReplicaObserver NONE = new ReplicaObserver() {};

    /** A client's request reaches the replica. */
    default void received(NodeId at, ReplicaActor.ClientRequest request) {}

    /** The replica answers it. */
    default void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {}

    /** The replica shows an update from now on. */
    default void applied(NodeId at, Update update) {}

    /** An update came and is held back, and what it waits for first. */
    default void buffered(NodeId at, Update update, String waitsFor) {}

    /** A peer's message came and was dropped, as too much waits here already. The protocol fetches again what it misses. */
    default void dropped(NodeId at, ReplicaActor.PeerMessage message) {}

    /**
     * A peer's message came that cannot be true, and was left: it is none of a replica of this deployment, or something is
     * wrong there.
     *
     * @param why in one line for people; parts of it may be the sender's words
     */
    default void refused(NodeId at, ReplicaActor.PeerMessage message, String why) {}

    /** An update came that the replica does not show, as it holds a newer one. */
    default void superseded(NodeId at, Update update, Update by) {}

    /** A peer's update found no room in the store. Said once, until the replica has it. */
    default void lacksRoom(NodeId at, Update update) {}

    /**
     * The replica runs, with what its journal gave back.
     *
     * @param view the replica from outside; to be read on the replica's thread only, until it has stopped
     */
    default void started(NodeId at, long incarnation, ReplicaView view) {}

    /** The replica has stopped and answers nobody. */
    default void stopped(NodeId at) {}

    /**
     * The replica's disk has failed: it cannot be read, or a sync went wrong. The replica stops, and is down until it is
     * restarted.
     *
     * @param cause its message is one line for people
     */
    default void diskFailed(NodeId at, Throwable cause) {}

    /** The replica has stopped by a mistake in it. It is down until it is restarted. */
    default void failed(NodeId at, Throwable cause) {}

    default void paused(NodeId at) {}

    default void resumed(NodeId at) {}

    /** Peers have so many writes of the replica that it has forgotten itself: its memory is an older copy, or was lost. */
    default void forgot(NodeId at, long writes) {}

    /** The replica has all that a peer had when it was first heard since the start, or since it was reached again. */
    default void caughtUp(NodeId at, NodeId peer) {}

    /**
     * Another process runs as the same replica, and has taken the place of this one, which takes no more requests and stops
     * when what it alone has is safe elsewhere.
     *
     * @param by the start that is the replica now
     */
    default void replaced(NodeId at, Origin by) {}

    /** A replica that was replaced has ended: what it alone had is safe elsewhere. */
    default void ended(NodeId at) {}
}
