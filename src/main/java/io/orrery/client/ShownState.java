package io.orrery.client;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A replica's state as its HTTP interface reports it: with the number of deleted keys, without their names. */
public final class ShownState implements ReplicaView {
    private final Map<Key, Update> contents = new LinkedHashMap<>();
    private final ReplicaStatus status;

    private record Shown(Key key, Optional<Value> value, Version version) implements Update {}

    private ShownState(Document data, Document status) {
        data.objects("data").stream().map(ShownState::update).forEach(update -> contents.put(update.key(), update));
        this.status = status(status);
    }

    /**
     * Asks a replica for its state.
     *
     * @return empty if the replica is down
     * @throws io.orrery.client.RequestFailure if it does not answer, for example while it is paused
     */
    public static Optional<ShownState> of(RestClient replica) {
        Document status = Document.parse(replica.get("/status").requireSuccess().body());
        if (status.text("state").equals("down")) {
            return Optional.empty();
        }
        Document data = Document.parse(replica.get("/kv").requireSuccess().body());
        return Optional.of(new ShownState(data, status));
    }

    private static Update update(Document update) {
        return new Shown(
                Key.of(update.text("key")),
                update.has("value") ? Optional.of(Value.parse(update.text("value"))) : Optional.empty(),
                Version.parse(update.text("version")));
    }

    private static ReplicaStatus status(Document status) {
        Map<Origin, Long> known = new TreeMap<>();
        status.members("vector")
                .forEach((origin, count) -> known.put(Origin.parse(origin), Long.valueOf(count.toString())));
        SortedMap<NodeId, Long> lag = new TreeMap<>();
        status.objects("peers").forEach(peer -> lag.put(NodeId.of(peer.text("node")), Long.valueOf(peer.text("lag"))));
        List<ReplicaStatus.Buffered> held = status.objects("held").stream()
                .map(it -> new ReplicaStatus.Buffered(update(it), it.text("waitsFor")))
                .toList();
        return new ReplicaStatus(
                status.text("clock"),
                VersionVector.of(known),
                Integer.parseInt(status.text("keys")),
                Integer.parseInt(status.text("tombstones")),
                held,
                lag,
                new ReplicaStatus.Memory(
                        Long.parseLong(status.text("storeBytes")),
                        Long.parseLong(status.text("storeLimit")),
                        Boolean.parseBoolean(status.text("lacksRoom"))));
    }

    @Override
    public Optional<? extends Update> lookup(Key key) {
        return Optional.ofNullable(contents.get(key));
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        contents.values().forEach(action);
    }

    @Override
    public Object clock() {
        return status.clock();
    }

    @Override
    public ReplicaStatus status() {
        return status;
    }
}
