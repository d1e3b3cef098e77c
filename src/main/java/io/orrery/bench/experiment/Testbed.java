package io.orrery.bench.experiment;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** Running replicas and their clients: in virtual time, or as a server of this machine. */
public interface Testbed extends AutoCloseable {
    /** One thing that a client does. */
    record Ask(NodeId via, Operation operation) {}

    /**
     * How that went.
     *
     * @param nanos from the client's request to the answer
     * @param holders how many replicas held what was written, or something newer, when a write was answered; empty for reads,
     *     and where nobody can look into the replicas at that moment
     */
    record Sample(Ask ask, long nanos, OptionalInt holders) {}

    /**
     * Has clients do what each is to do, one thing after the other, and all clients side by side. A client carries its
     * session from answer to question. One that is sent to the leader asks there instead, which is a part of the time that
     * it took, and remembers it.
     *
     * @return how all of it went, in any order
     * @throws IllegalStateException when something was not done
     */
    List<Sample> run(List<List<Ask>> clients);

    /** What each replica holds now: the value and version of each key. */
    Map<NodeId, Map<String, String>> contents();

    /** Lets time pass until a condition holds, or to a limit. Returns how long it took, or the limit. */
    Duration waitUntil(BooleanSupplier condition, Duration limit);

    /** By how much the time of an answer may differ for no reason that an experiment knows of, in nanoseconds. */
    long toleranceNanos();

    @Override
    void close();

    /** Makes testbeds of one kind. */
    interface Factory {
        /** In virtual time: the same seed gives the same figures on every machine. */
        Factory SIMULATED = SimulatedTestbed::new;

        /** Over HTTP, with all replicas in another process of this machine. */
        Factory SERVED = ServedTestbed::start;

        Testbed start(TestbedSpec testbedSpec);
    }
}
