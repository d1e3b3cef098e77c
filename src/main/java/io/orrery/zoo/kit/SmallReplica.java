package io.orrery.zoo.kit;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.ServiceStatus.Service;
import io.orrery.protocol.ServiceStatus.Use;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A replica that keeps all that it has in a map. It does without what a store that people run needs: nothing is compacted, and
 * no limit holds but that of a scenario's length.
 *
 * @param <U> what it keeps for a key
 */
public abstract class SmallReplica<U extends Update> implements Protocol {
    protected final ReplicaSettings settings;
    protected final Effects effects;
    protected final NodeId self;
    protected final Map<Key, U> store = new TreeMap<>();

    protected SmallReplica(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        this.self = settings.self();
    }

    /** Which writes it has. */
    protected abstract VersionVector known();

    /** What it has and does not show yet. */
    protected List<ReplicaStatus.Buffered> buffered() {
        return List.of();
    }

    protected final void refuse(Request request, String why) {
        effects.reply(request, new Outcome.Refused(Outcome.Reason.INVALID, why));
    }

    /** What a client is told of a key. */
    protected final Outcome.Done shown(Update update, String session) {
        return new Outcome.Done(
                update == null ? Optional.empty() : update.value(),
                update == null ? Optional.empty() : Optional.of(update.version()),
                Outcome.Status.APPLIED,
                session);
    }

    @Override
    public void reachable(NodeId peer) {}

    @Override
    public ServiceStatus serviceStatus() {
        return new ServiceStatus(
                List.of(), List.of(), List.of(Service.alone("reads", Use.READS), Service.alone("writes", Use.WRITES)));
    }

    @Override
    public Optional<U> lookup(Key key) {
        return Optional.ofNullable(store.get(key));
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        store.values().forEach(action);
    }

    @Override
    public Object clock() {
        return counted();
    }

    @Override
    public ReplicaStatus status() {
        int tombstones =
                (int) store.values().stream().filter(Update::isTombstone).count();
        return new ReplicaStatus(
                clock().toString(),
                known(),
                store.size() - tombstones,
                tombstones,
                buffered(),
                new TreeMap<>(),
                ReplicaStatus.Memory.NONE);
    }
}
