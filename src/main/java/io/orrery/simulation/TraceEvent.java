package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Role;
import java.util.List;

/** An event of a world, with its virtual time in nanoseconds. */
public sealed interface TraceEvent {
    long nanos();

    /** An event at one replica, with its logical clock; if the event moves the clock, the clock after it. */
    sealed interface AtReplica extends TraceEvent {
        NodeId at();

        Object clock();
    }

    /** An event of one message; its id is unique for its sender. */
    sealed interface OfMessage extends TraceEvent {
        NodeId from();

        NodeId to();

        long id();

        Message message();
    }

    /** A client invokes an operation at a replica. */
    record Invoked(long nanos, String client, NodeId via, Operation operation) implements TraceEvent {}

    /** A client receives its answer, or gives up. */
    record Returned(long nanos, String client, NodeId via, Operation operation, Outcome outcome, long tookNanos)
            implements TraceEvent {}

    /** Something that happens on the way between a client and the replicas. */
    sealed interface OnTheWay extends TraceEvent {
        String client();
    }

    record RequestLost(long nanos, String client, NodeId via, Operation operation) implements OnTheWay {}

    /** A request sets out twice. */
    record Doubled(long nanos, String client, NodeId via, Operation operation) implements OnTheWay {}

    record AnswerLost(long nanos, String client, Outcome outcome) implements OnTheWay {}

    record Received(long nanos, NodeId at, String client, Operation operation, Object clock) implements AtReplica {}

    record Applied(long nanos, NodeId at, Update update, Object clock) implements AtReplica {}

    record Buffered(long nanos, NodeId at, Update update, String waitsFor, Object clock) implements AtReplica {}

    record Superseded(long nanos, NodeId at, Update update, Update by, Object clock) implements AtReplica {}

    /**
     * A replica runs.
     *
     * @param holds what it recovered from its journal, with tombstones, sorted by key
     */
    record Started(long nanos, NodeId at, long incarnation, List<Update> holds, Object clock) implements AtReplica {}

    /** A replica's role among the others, its term or its leader is another than before. */
    record Became(long nanos, NodeId at, Role role, Object clock) implements AtReplica {}

    record Stopped(long nanos, NodeId at, Object clock) implements AtReplica {}

    record Paused(long nanos, NodeId at, Object clock) implements AtReplica {}

    record Resumed(long nanos, NodeId at, Object clock) implements AtReplica {}

    record Sent(long nanos, NodeId from, NodeId to, long id, Message message, long delayNanos, Object clock)
            implements OfMessage {}

    /** A message arrives; the clock is the receiver's before it handles the message. */
    record Delivered(long nanos, NodeId from, NodeId to, long id, Message message, Object clock) implements OfMessage {}

    record Lost(long nanos, NodeId from, NodeId to, long id, Message message, LinkObserver.Loss why)
            implements OfMessage {}

    record Faulted(long nanos, Fault fault) implements TraceEvent {}

    /**
     * An invariant did not hold, for the first time in the world.
     *
     * @param what was seen
     */
    record Breached(long nanos, NamedInvariant invariant, String what) implements TraceEvent {}
}
