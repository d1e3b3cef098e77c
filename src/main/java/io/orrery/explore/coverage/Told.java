package io.orrery.explore.coverage;

import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.ReplicaView;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What clients were told, and how many replicas had it then: what few have may yet be lost, or be seen by some alone. */
final class Told {
    /** A key and what is written to it. */
    private record Written(Key key, Optional<Value> value) {}

    /** The writes that have not returned. */
    private final Set<Written> underWay = new HashSet<>();
    /** By key, the latest version of a write that has returned. */
    private final Map<Key, Version> latest = new HashMap<>();
    /** By client, the latest such version when it asked. */
    private final Map<String, Version> before = new HashMap<>();

    void invoked(String client, Operation operation) {
        written(operation).ifPresent(underWay::add);
        before.put(client, latest.get(operation.key()));
    }

    private static Optional<Written> written(Operation operation) {
        if (operation instanceof Operation.Write write) {
            return Optional.of(new Written(write.key(), Optional.of(write.value())));
        }
        return Optional.empty();
    }

    /** What a client is told, in words. */
    String returned(
            String client, Operation operation, Outcome outcome, Collection<? extends ReplicaView> running) {
        if (!(outcome instanceof Outcome.Done done)) {
            return operation.name() + " without an answer";
        }
        String what = operation.name();
        if (operation instanceof Operation.Read read) {
            Version was = before.get(client);
            boolean isUnderWay = done.value().isPresent() && underWay.contains(new Written(read.key(), done.value()));
            boolean isOlder = was != null
                    && (done.version().isEmpty() || done.version().get().compareTo(was) < 0);
            what += isUnderWay ? " of a write under way" : isOlder ? " of less than was written" : "";
        } else {
            written(operation).ifPresent(underWay::remove);
            done.version().ifPresent(version -> latest.merge(operation.key(), version, Told::later));
        }
        if (done.version().isEmpty()) {
            return what + " nothing";
        }
        long have = running.stream()
                .filter(view -> view.lookup(operation.key())
                        .filter(update -> update.version().compareTo(done.version().get()) >= 0)
                        .isPresent())
                .count();
        return what + " that " + have + " have";
    }

    private static Version later(Version one, Version other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
