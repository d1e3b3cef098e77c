package io.orrery.explore.coverage;

import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.ReplicaView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients were told, and where that leaves them: how many replicas have it, whether it is older than what was written or
 * seen before, whether replicas disagree. None of it need be wrong; what is rare of it is often close to something that is.
 */
final class Told {
    /** A key and what is written to it. */
    private record Written(Key key, Optional<Value> value) {}

    /** A key and one of its versions. */
    private record Versioned(Key key, Version version) {}

    /** What a client has seen of each key. */
    private static final class Seen {
        private final Map<Key, Version> now = new HashMap<>();
        /** When it asked last. */
        private Map<Key, Version> asked = Map.of();
        /** The latest version of the key that it asks for whose write had returned by then. */
        private Version returned;
    }

    /** The writes that have not returned. */
    private final Set<Written> underWay = new HashSet<>();
    /** By key, the latest version of a write that has returned. */
    private final Map<Key, Version> latest = new HashMap<>();

    private final Map<String, Seen> clients = new HashMap<>();
    /** What the client of a write had seen before. */
    private final Map<Versioned, Map<Key, Version>> before = new HashMap<>();

    void invoked(String client, Operation operation) {
        written(operation).ifPresent(underWay::add);
        Seen seen = clients.computeIfAbsent(client, it -> new Seen());
        seen.asked = Map.copyOf(seen.now);
        seen.returned = latest.get(operation.key());
    }

    private static Optional<Written> written(Operation operation) {
        return operation.newValue().map(value -> new Written(operation.key(), Optional.of(value)));
    }

    /** What there is to say of what a client is told, in words. */
    List<String> returned(
            String client, Operation operation, Outcome outcome, Collection<? extends ReplicaView> running) {
        String name = operation.name();
        if (!(outcome instanceof Outcome.Done done)) {
            return List.of(name + " without an answer");
        }
        Key key = operation.key();
        Seen seen = clients.get(client);
        List<String> said = new ArrayList<>();
        if (operation instanceof Operation.Read) {
            boolean isUnderWay = done.value().isPresent() && underWay.contains(new Written(key, done.value()));
            if (isUnderWay) {
                said.add("a write under way is read");
            } else if (isBelow(done, seen.returned)) {
                said.add("less than was written is read");
            }
        } else {
            written(operation).ifPresent(underWay::remove);
            done.version().ifPresent(version -> {
                latest.merge(key, version, Told::later);
                before.put(new Versioned(key, version), seen.asked);
            });
        }
        if (isBelow(done, seen.asked.get(key))) {
            said.add(name + " below what the client had seen");
        }
        if (disagree(key, running)) {
            said.add("replicas that know the same disagree");
        }
        if (done.version().isPresent()) {
            Version version = done.version().get();
            seen.now.merge(key, version, Told::later);
            said.add(name + " that "
                    + running.stream().filter(view -> has(view, key, version)).count() + " have");
        }
        return said;
    }

    private static boolean isBelow(Outcome.Done done, Version other) {
        return other != null
                && (done.version().isEmpty() || done.version().get().compareTo(other) < 0);
    }

    private static boolean has(ReplicaView view, Key key, Version version) {
        return view.lookup(key)
                .filter(update -> update.version().compareTo(version) >= 0)
                .isPresent();
    }

    private static boolean disagree(Key key, Collection<? extends ReplicaView> running) {
        Map<Object, Optional<Version>> shown = new HashMap<>();
        for (ReplicaView view : running) {
            Optional<Version> version = view.lookup(key).map(Update::version);
            Optional<Version> other = shown.putIfAbsent(view.status().known(), version);
            if (other != null && !other.equals(version)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a replica shows a write, and lacks something that its writer had seen. */
    boolean isEarly(ReplicaView view, Update update) {
        return before.getOrDefault(new Versioned(update.key(), update.version()), Map.of()).entrySet().stream()
                .anyMatch(seen -> !has(view, seen.getKey(), seen.getValue()));
    }

    private static Version later(Version one, Version other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
