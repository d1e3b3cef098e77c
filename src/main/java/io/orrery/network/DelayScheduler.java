package io.orrery.network;

import io.orrery.model.NodeId;

/**
 * Runs a task after a delay, in virtual time in the simulation and in real time in a cluster. A task must be short and
 * may not block; it may run on any thread.
 */
@FunctionalInterface
public interface DelayScheduler {
    void after(long nanos, Runnable task);

    /** For how long a message is really under way, of which a link drew so many nanoseconds. Within what the link allows. */
    default long decide(NodeId from, NodeId to, Delay allowed, long drawn) {
        return drawn;
    }
}
