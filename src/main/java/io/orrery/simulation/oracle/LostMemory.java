package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.network.Fault;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaView;
import io.orrery.replica.ReplicaActor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Once a memory is lost, nobody may notice of what was confirmed before, where a protocol confirms with several disks. */
final class LostMemory extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "lost-memory-is-made-good",
            "A leader or follower whose memory was lost serves nothing that was not confirmed, and forgets nothing that was.");

    private record Confirmed(Key key, Version version) {}

    private final ProtocolType type;
    private final boolean readsInOrder;
    private final List<Confirmed> confirmed = new ArrayList<>();
    /** How much was confirmed when the current life of a replica began. */
    private final Map<NodeId, Integer> atStart = new HashMap<>();
    /** How much was confirmed when a read came. */
    private final Map<Long, Integer> atRequest = new HashMap<>();

    private final Set<NodeId> lost = new HashSet<>();
    private boolean confirmsTogether;

    LostMemory(ProtocolType type, Findings findings) {
        super(NAME, findings);
        this.type = type;
        readsInOrder = type.promises().models().contains("linearizable");
    }

    @Override
    public void faulted(Fault fault) {
        if (fault instanceof Fault.OfReplica of && Losses.mayLose(fault)) {
            confirmsTogether = type.leadership() != ProtocolType.Leadership.NONE
                    && type.selfChecks().disks().applyAsInt(scene.settings(of.replica())) > 1;
            lost.add(of.replica());
        }
    }

    @Override
    public void started(NodeId at, long incarnation, ReplicaView view) {
        atStart.put(at, confirmed.size());
    }

    @Override
    public void received(NodeId at, ReplicaActor.ClientRequest request) {
        if (readsInOrder && !lost.isEmpty() && request.operation() instanceof Operation.Read) {
            atRequest.put(request.id(), confirmed.size());
        }
    }

    @Override
    public void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {
        Integer before = atRequest.remove(request.id());
        if (!(outcome instanceof Outcome.Done done)) {
            return;
        }
        if (CountedDisks.isWrite(request.operation()) && done.version().isPresent()) {
            ReplicaView view = scene.views().get(at);
            // Where majorities confirm, the others may be one: who has no memory yet passes a write on to them.
            boolean needsItsMemory = type.leadership() != ProtocolType.Leadership.MAJORITY;
            if (needsItsMemory && confirmsTogether && isMinority() && lost.contains(at) && view != null) {
                for (Confirmed write : confirmed.subList(0, atStart.getOrDefault(at, 0))) {
                    hasIt(at, write, Shown.version(view, write.key()), "acknowledged a write");
                }
            }
            confirmed.add(
                    new Confirmed(request.operation().key(), done.version().get()));
        } else if (before != null && confirmsTogether && isMinority()) {
            for (Confirmed write : confirmed.subList(0, before)) {
                if (write.key().equals(request.operation().key())) {
                    hasIt(at, write, done.version(), "served a read");
                }
            }
        }
    }

    /** Most replicas that have no memory are a new store, in which nothing can be missing. */
    private boolean isMinority() {
        return 2 * lost.size() < scene.replicas().size();
    }

    private void hasIt(NodeId at, Confirmed write, Optional<Version> shown, String what) {
        if (shown.isPresent() && shown.get().compareTo(write.version()) >= 0) {
            return;
        }
        Disks disks = new Disks(scene, type);
        require(
                scene.replicas().stream().noneMatch(it -> disks.have(it, write.key(), write.version())),
                () -> at + " " + what + " with " + write.key() + " at "
                        + shown.map(Version::toString).orElse("no version") + ", and " + write.version()
                        + " had been confirmed");
    }
}
