package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.Fault;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ProtocolType.Leadership;
import io.orrery.replica.ReplicaActor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * At each acknowledgement as many disks have the write as its protocol says. A replica counts too that has lost its disk
 * since: it may have been counted before.
 */
final class CountedDisks extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "acknowledged-is-on-disk", "When a write is acknowledged, as many disks have it as its protocol says.");

    /**
     * A write without an answer.
     *
     * @param before the versions that puts like it had when it came: none of them is its own
     */
    private record Open(Operation operation, Set<Version> before, Set<NodeId> had) {}

    private record Put(Key key, Optional<Value> value) {}

    private final Map<Long, Open> open = new HashMap<>();
    /** The versions of puts that are alike, such as deletes of one key. */
    private final Map<Put, Set<Version>> versions = new HashMap<>();

    /** The replicas whose disks may confirm what they do not write. */
    private final Set<NodeId> damaged = new HashSet<>();

    private final ProtocolType type;
    private Disks disks;

    CountedDisks(ProtocolType type, Findings findings) {
        super(NAME, findings);
        this.type = type;
    }

    @Override
    void looksAt(Scene begun) {
        super.looksAt(begun);
        disks = new Disks(begun, type);
    }

    @Override
    public void received(NodeId at, ReplicaActor.ClientRequest request) {
        if (isWrite(request.operation())) {
            open.put(
                    request.id(),
                    new Open(request.operation(), new HashSet<>(versions(request.operation())), new HashSet<>()));
        }
    }

    static boolean isWrite(Operation operation) {
        return !(operation instanceof Operation.Read) && !(operation instanceof Operation.HandMadeWrite);
    }

    static Optional<Value> valueOf(Operation operation) {
        return operation.newValue();
    }

    /** Before it is applied. */
    @Override
    public void faulted(Fault fault) {
        if (fault instanceof Fault.OfReplica of) {
            hadBeforeItsEnd(of.replica());
        }
        if (fault instanceof Fault.DamageDisk damage) {
            damaged.add(damage.replica());
        }
    }

    /** The process that was replaced ends, and its disk with it. */
    @Override
    public void replaced(NodeId at, Origin by) {
        hadBeforeItsEnd(at);
    }

    private void hadBeforeItsEnd(NodeId replica) {
        for (Open write : open.values()) {
            Operation operation = write.operation();
            for (Version version : versions(operation)) {
                if (!write.before().contains(version) && disks.haveEntry(replica, operation.key(), version)) {
                    write.had().add(replica);
                }
            }
        }
    }

    @Override
    public void applied(NodeId at, Update update) {
        has(update);
    }

    /** It may be on disk before it is shown. */
    @Override
    public void buffered(NodeId at, Update update, Supplier<String> waitsFor) {
        has(update);
    }

    private void has(Update update) {
        versions.computeIfAbsent(new Put(update.key(), update.value()), put -> new HashSet<>())
                .add(update.version());
    }

    private Set<Version> versions(Operation operation) {
        return versions.getOrDefault(new Put(operation.key(), valueOf(operation)), new HashSet<>());
    }

    @Override
    public void answered(NodeId at, ReplicaActor.ClientRequest request, Outcome outcome) {
        Open write = open.remove(request.id());
        if (write == null || !(outcome instanceof Outcome.Done done) || done.status() == Outcome.Status.REPEATED) {
            return; // One that was done before has been counted then, and disks may have been lost since.
        }
        if (done.status() == Outcome.Status.ACCEPTED) {
            require(
                    damaged.contains(at) || isAccepted(at, request.operation()),
                    () -> at + " accepted " + request.operation() + ", and its disk has nothing of it");
            return;
        }
        Key key = request.operation().key();
        Version version = done.version().orElse(null);
        Set<NodeId> have = write.had();
        have.addAll(damaged);
        int needed = type.selfChecks().disks().applyAsInt(scene.settings(at));
        if (disks.haveEntry(at, key, version)) {
            have.add(at);
        }
        for (NodeId replica : scene.replicas()) {
            if (have.size() < needed && !have.contains(replica) && disks.haveEntry(replica, key, version)) {
                have.add(replica);
            }
        }
        if (have.size() < needed || !have.contains(at)) {
            scene.replicas().stream()
                    .filter(replica -> disks.have(replica, key, version))
                    .forEach(have::add);
        }
        require(
                have.size() >= needed,
                () -> at + " acknowledged " + key
                        + done.version().map(it -> " at " + it).orElse("") + " when " + have.size() + " of the "
                        + needed + " disks had it that should: " + have);
        require(
                have.contains(at) || type.leadership() != Leadership.NONE,
                () -> at + " acknowledged " + key + ", which its own disk does not have");
    }

    private boolean isAccepted(NodeId at, Operation operation) {
        return disks.haveValue(at, operation.key(), valueOf(operation))
                || disks.replayed(at).stream().anyMatch(it -> Telling.acceptedBy(it) > 0);
    }
}
