package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.dissemination.Write;
import io.orrery.replica.ReplicaActor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What was accepted is ordered in the end, unless the disk of the replica that took it, or of the leader, was lost or copied. */
final class ArrivedWrites extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "accepted-arrives", "Each write that was accepted is applied in the end, or superseded by a later one.");

    private record Put(Key key, Optional<Value> value) {}

    private record Accepted(NodeId at, Operation operation) {}

    private final List<Accepted> accepted = new ArrayList<>();
    private final Set<Put> arrived = new HashSet<>();
    /** The keys of which a replica has found a value that is not read here. */
    private final Set<Key> unread = new HashSet<>();
    /** The replicas whose disks may have lost what was synced. */
    private final Set<NodeId> lost = new HashSet<>();

    ArrivedWrites(Findings findings) {
        super(NAME, findings);
    }

    @Override
    public void faulted(Fault fault) {
        if (fault instanceof Fault.OfReplica of
                && (Losses.mayLose(fault) || fault instanceof Fault.Twin || ordersUnheard(fault))) {
            lost.add(of.replica());
        }
    }

    /** A write may be on disk, and overwritten there, before anybody is told of it: if a batch under way may be kept. */
    private boolean ordersUnheard(Fault fault) {
        return scene.mayKeepInCrash()
                || fault instanceof Fault.FailDisk failure && failure.what() == Fault.DiskFailure.SYNC_KEPT;
    }

    @Override
    public void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {
        if (outcome instanceof Outcome.Done done && done.status() == Outcome.Status.ACCEPTED) {
            accepted.add(new Accepted(at, request.operation()));
        }
    }

    /** It may have been ordered, and a crash may have come before anybody was told. */
    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        view.forEach(update -> {
            if (update instanceof Write write) {
                arrived.add(new Put(write.key(), write.value()));
            } else {
                unread.add(update.key());
            }
        });
    }

    @Override
    public void applied(NodeId at, Update update) {
        arrived.add(new Put(update.key(), update.value()));
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        arrived.add(new Put(update.key(), update.value()));
    }

    @Override
    public void rests() {
        NodeId leader = scene.settings(scene.replicas().get(0)).options().get(ProtocolOptions.LEADER);
        for (Accepted write : accepted) {
            Operation operation = write.operation();
            require(
                    lost.contains(write.at())
                            || lost.contains(leader)
                            || unread.contains(operation.key())
                            || arrived.contains(new Put(operation.key(), CountedDisks.valueOf(operation))),
                    () -> write.at() + " accepted " + operation + ", and nobody has applied it");
        }
    }
}
