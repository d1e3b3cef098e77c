package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.Fault;
import io.orrery.network.LinkObserver;
import io.orrery.protocol.NamedInvariant;
import io.orrery.replica.ReplicaObserver;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Is told every event of a world, at the moment at which it happens. */
public interface WorldObserver extends LinkObserver, ReplicaObserver {
    WorldObserver NONE = new WorldObserver() {};

    /** Combines observers: each is told everything, in their order. */
    static WorldObserver all(WorldObserver... observers) {
        List<WorldObserver> listening =
                Arrays.stream(observers).filter(observer -> observer != NONE).toList();
        return listening.isEmpty() ? NONE : listening.size() == 1 ? listening.get(0) : new CompositeObserver(listening);
    }

    /** An observer that is told everything while a condition holds. */
    static WorldObserver during(BooleanSupplier condition, WorldObserver observer) {
        return observer == NONE ? NONE : new CompositeObserver(condition, List.of(observer));
    }

    /** The world begins: its replicas have started and exchanged hellos; those events were told before this. */
    default void began(World world) {}

    /** A client invokes an operation at a replica. */
    default void invoked(String client, NodeId via, Operation operation) {}

    /** The request of a client is lost on its way. */
    default void requestLost(String client, NodeId via, Operation operation) {}

    /**
     * The request of a client, which changes something, sets out twice: what it changes may happen twice. Said after the
     * operation was invoked, and before it returns.
     */
    default void doubled(String client, NodeId via, Operation operation) {}

    /** An answer to a client is lost on its way. */
    default void answerLost(String client, Outcome outcome) {}

    /** A client has received its answer, or has given up. */
    default void returned(String client, NodeId via, Operation operation, Outcome outcome) {}

    /** A fault is applied. */
    default void faulted(Fault fault) {}

    /**
     * An invariant did not hold, for the first time in this world.
     *
     * @param what was seen
     */
    default void breached(NamedInvariant invariant, String what) {}

    /** The run is over. What may follow in the world is done to judge its end. */
    default void ended() {}
}
