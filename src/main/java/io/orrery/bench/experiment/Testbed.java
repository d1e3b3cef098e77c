package io.orrery.bench.experiment;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** Running replicas and their clients: in virtual time, or as a server on this machine. */
public interface Testbed extends AutoCloseable {
    /** One operation of a client. */
    record Ask(NodeId via, Operation operation) {}

    /**
     * The result of an operation.
     *
     * @param nanos from the client's request to the answer
     * @param holders when a write was answered: how many replicas held it or something newer; empty for reads, and if
     *     the testbed cannot observe it
     */
    record Sample(Ask ask, long nanos, OptionalInt holders) {}

    /**
     * Runs the clients concurrently; each performs its operations in order. A client carries its session token from
     * answer to request. A client that is referred to the leader asks there, which counts into the latency, and
     * remembers the leader.
     *
     * @return all results, in any order
     * @throws IllegalStateException if an operation failed
     */
    List<Sample> run(List<List<Ask>> clients);

    /** The contents of each replica: the value and version of each key. */
    Map<NodeId, Map<String, String>> contents();

    /** Lets time pass until a condition holds or the limit is reached. Returns the time taken. */
    Duration waitUntil(BooleanSupplier condition, Duration limit);

    /** The measurement noise of a latency, in nanoseconds. */
    long toleranceNanos();

    @Override
    void close();

    /** Makes testbeds of one kind. */
    interface Factory {
        /** In virtual time: the same seed gives the same results on every machine. */
        Factory SIMULATED = SimulatedTestbed::new;

        /** Over HTTP, with all replicas in another process on this machine. */
        Factory SERVED = ServedTestbed::start;

        Testbed start(TestbedSpec testbedSpec);
    }
}
