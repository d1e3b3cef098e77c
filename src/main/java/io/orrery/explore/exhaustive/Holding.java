package io.orrery.explore.exhaustive;

import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.protocol.Inspection;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import io.orrery.simulation.oracle.Oracles;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a replica holds at one moment, as it stays when the replica goes on. */
final class Holding implements ReplicaView {
    private final Map<Key, Update> updates = new TreeMap<>();
    private final Object clock;
    private final ReplicaStatus status;
    private final long accepted;
    private final String text;
    private final String inFull;

    Holding(ReplicaView view) {
        view.forEach(update -> updates.put(update.key(), update.whole()));
        clock = view.clock();
        status = view.status();
        accepted = Oracles.acceptedBy(view);
        StringBuilder all = new StringBuilder();
        updates.forEach((key, update) -> all.append(all.isEmpty() ? "" : ", ")
                .append(key)
                .append(" = ")
                .append(update.value().map(value -> value.json()).orElse("nothing")));
        text = all.isEmpty() ? "nothing" : all.toString();
        StringBuilder full = new StringBuilder();
        updates.values()
                .forEach(update ->
                        full.append(update.key()).append(update.value()).append(update.version()));
        inFull = full.append(status.known())
                .append(status.held().size())
                .append('+')
                .append(accepted)
                .toString();
    }

    @Override
    public Optional<Update> lookup(Key key) {
        return Optional.ofNullable(updates.get(key));
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        updates.values().forEach(action);
    }

    @Override
    public Object clock() {
        return clock;
    }

    @Override
    public ReplicaStatus status() {
        return status;
    }

    @Override
    public void inspect(Inspection inspection) {
        inspection.accepted(accepted);
    }

    /** Equal only where all is equal that a verdict depends on. */
    String inFull() {
        return inFull;
    }

    /** Keys and values: {@code x = 1, y = nothing}. */
    @Override
    public String toString() {
        return text;
    }
}
