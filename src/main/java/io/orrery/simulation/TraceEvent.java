package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.protocol.Message;
import java.util.List;

/** Something that happened in a world, and when, in nanoseconds of virtual time. */
public sealed interface TraceEvent {
    long nanos();

    /** What happened at one replica; its logical clock then, after the event where the event moves it. */
    sealed interface AtReplica extends TraceEvent {
        NodeId at();

        Object clock();
    }

    /** What happened to one message; its id is unique among those of its sender. */
    sealed interface OfMessage extends TraceEvent {
        NodeId from();

        NodeId to();

        long id();

        Message message();
    }

    /** A client asks a replica. */
    record Invoked(long nanos, String client, NodeId via, Operation operation) implements TraceEvent {}

    /** A client has its answer, or gives up. */
    record Returned(long nanos, String client, NodeId via, Operation operation, Outcome outcome, long tookNanos)
            implements TraceEvent {}

    record Received(long nanos, NodeId at, String client, Operation operation, Object clock) implements AtReplica {}

    record Applied(long nanos, NodeId at, Update update, Object clock) implements AtReplica {}

    record Buffered(long nanos, NodeId at, Update update, String waitsFor, Object clock) implements AtReplica {}

    record Superseded(long nanos, NodeId at, Update update, Update by, Object clock) implements AtReplica {}

    /**
     * A replica runs.
     *
     * @param holds what its journal gave back, tombstones included, sorted by key
     */
    record Started(long nanos, NodeId at, long incarnation, List<Update> holds, Object clock) implements AtReplica {}

    record Stopped(long nanos, NodeId at, Object clock) implements AtReplica {}

    record Paused(long nanos, NodeId at, Object clock) implements AtReplica {}

    record Resumed(long nanos, NodeId at, Object clock) implements AtReplica {}

    record Sent(long nanos, NodeId from, NodeId to, long id, Message message, long delayNanos, Object clock)
            implements OfMessage {}

    /** A message arrives; the clock is the receiver's, before it has dealt with the message. */
    record Delivered(long nanos, NodeId from, NodeId to, long id, Message message, Object clock) implements OfMessage {}

    record Lost(long nanos, NodeId from, NodeId to, long id, Message message, LinkObserver.Loss why)
            implements OfMessage {}

    record Faulted(long nanos, Fault fault) implements TraceEvent {}
}
