package io.orrery.scenario;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A fault of a plan, and its end.
 *
 * @param fault is applied at {@code from}, or strikes in the middle of things soon after
 * @param midStep how many points at which it could strike pass first; empty where it does not
 * @param ends are applied at {@code to}; none where the fault ends by itself, or a later one takes it over
 */
record Episode(RandomFaults.Kind kind, Duration from, Duration to, Fault fault, OptionalInt midStep, List<Fault> ends) {
    /** Between events. */
    Episode(RandomFaults.Kind kind, Duration from, Duration to, Fault fault, List<Fault> ends) {
        this(kind, from, to, fault, OptionalInt.empty(), ends);
    }

    Episode {
        ends = List.copyOf(ends);
    }

    /** The replica that it stops, if it stops one. */
    Optional<NodeId> stops() {
        return switch (kind) {
            case CRASHES, WIPES, RESTORES, POWER -> Optional.of(((Fault.OfReplica) fault).replica());
            case DISKS -> fault instanceof Fault.FailDisk failDisk ? Optional.of(failDisk.replica()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    Episode striking(int points) {
        return new Episode(kind, from, to, fault, OptionalInt.of(points), ends);
    }

    /** The same with a replica that stays down. */
    Episode withoutRestart() {
        List<Fault> others =
                ends.stream().filter(end -> !(end instanceof Fault.Restart)).toList();
        return new Episode(kind, from, to, fault, midStep, others);
    }
}
