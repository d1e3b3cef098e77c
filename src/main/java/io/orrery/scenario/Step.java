package io.orrery.scenario;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.network.Fault;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/** One line of a scenario's script. */
public sealed interface Step {
    /** When it happens; a busy client runs it as soon as it is free. */
    Duration at();

    /** Its line in the file. */
    int line();

    /**
     * A client invokes an operation at a replica.
     *
     * @param client the client's name
     * @param via the replica that is asked
     */
    record Ask(Duration at, int line, String client, NodeId via, Operation operation, Expectation expectation)
            implements Step {
        public Ask {
            Objects.requireNonNull(expectation, "expectation");
        }
    }

    /**
     * A fault is applied.
     *
     * @param midStep empty where it comes between events; otherwise it strikes in the middle of things, and this many points
     *     at which it could strike pass first
     */
    record Inject(Duration at, int line, Fault fault, OptionalInt midStep) implements Step {
        /** Between events. */
        public Inject(Duration at, int line, Fault fault) {
            this(at, line, fault, OptionalInt.empty());
        }
    }
}
