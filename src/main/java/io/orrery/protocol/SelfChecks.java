package io.orrery.protocol;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What a protocol says of itself to who checks it.
 *
 * @param invariants those of its own, of which its replicas tell an {@link Inspection}
 * @param disks how many replicas, the one that answers among them, have a write on disk when it is acknowledged
 * @param group makes what watches over those invariants that hold between the replicas of one world, if there are any
 */
public record SelfChecks(
        List<NamedInvariant> invariants,
        ToIntFunction<ReplicaSettings> disks,
        Optional<Function<GroupCheck.Findings, GroupCheck>> group) {
    /** No invariants, and one disk. */
    public static final SelfChecks ONE_DISK = new SelfChecks(List.of(), settings -> 1);

    /** Where each replica can tell alone whether they hold. */
    public SelfChecks(List<NamedInvariant> invariants, ToIntFunction<ReplicaSettings> disks) {
        this(invariants, disks, Optional.empty());
    }

    /** @throws IllegalArgumentException when two invariants have one name */
    public SelfChecks {
        invariants = List.copyOf(invariants);
        if (invariants.stream().map(NamedInvariant::name).distinct().count() != invariants.size()) {
            throw new IllegalArgumentException("two invariants have the same name: " + invariants);
        }
    }
}
