package io.orrery.testkit.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All replicas of a small deployment, stepped by hand: what one sends is under way until the test delivers it, loses it or
 * delivers it twice. No clock runs and nothing is left to chance, so the same steps give the same states.
 */
public final class ProtocolNet {
    /** So many messages nobody waits for: the protocol talks for ever. */
    private static final int MOST_MESSAGES = 10_000;

    private final ProtocolType type;
    private final List<NodeId> ids;
    private final ProtocolOptions options;
    private final Map<NodeId, SteppedReplica> replicas = new TreeMap<>();
    private long starts;

    /** A message that is under way. */
    public record UnderWay(NodeId from, NodeId to, Message message) {
        @Override
        public String toString() {
            return from + " -> " + to + " " + message;
        }
    }

    /** Starts replicas of these names, with the defaults of all options. */
    public ProtocolNet(ProtocolType type, String... replicas) {
        this(
                type,
                ProtocolOptions.usual(Stream.of(replicas).map(NodeId::of).toList()),
                Stream.of(replicas).map(NodeId::of).toList());
    }

    public ProtocolNet(ProtocolType type, ProtocolOptions options, List<NodeId> replicas) {
        this.type = type;
        this.options = options;
        this.ids = new ArrayList<>(replicas);
        replicas.forEach(id -> start(id, List.of()));
    }

    private void start(NodeId id, List<JournalEntry> found) {
        starts++;
        replicas.put(
                id,
                new SteppedReplica(
                        type,
                        new ReplicaSettings(id, ids, options, Tuning.DEFAULT),
                        new Start(starts, new UUID(0, starts)),
                        found));
    }

    /** Starts a further replica, which knows of all others; they do not know of it, unless the protocol tells them. */
    public void join(String replica) {
        NodeId id = NodeId.of(replica);
        ids.add(id);
        start(id, List.of());
    }

    public SteppedReplica at(String replica) {
        SteppedReplica found = replicas.get(NodeId.of(replica));
        if (found == null) {
            throw new IllegalArgumentException("there is no replica " + replica + "; there are " + ids);
        }
        return found;
    }

    /** All that is under way, by sender and receiver, and of each pair in the order in which it was sent. */
    public List<UnderWay> underWay() {
        return replicas.values().stream()
                .flatMap(from -> ids.stream()
                        .flatMap(to -> from.sentTo(to).stream().map(message -> new UnderWay(from.id(), to, message))))
                .toList();
    }

    /** One of a kind from one to another; the first one. */
    public Optional<UnderWay> first(String kind, String from, String to) {
        return underWay().stream()
                .filter(it -> it.message().kind().equals(kind)
                        && it.from().equals(NodeId.of(from))
                        && it.to().equals(NodeId.of(to)))
                .findFirst();
    }

    /** It arrives. */
    public void deliver(UnderWay message) {
        lose(message);
        replicas.get(message.to()).take(message.from(), message.message());
    }

    /** It arrives, and is still under way. */
    public void repeat(UnderWay message) {
        replicas.get(message.to()).take(message.from(), message.message());
    }

    /** It never arrives. */
    public void lose(UnderWay message) {
        if (!replicas.get(message.from()).sentTo(message.to()).remove(message.message())) {
            throw new AssertionError("it is not under way: " + message);
        }
    }

    /** Delivers all that is under way, and what is sent on that, until nothing is. */
    public void deliverAll() {
        deliverAll(message -> true);
    }

    /** The same for some messages; the others stay under way. */
    public void deliverAll(Predicate<UnderWay> chosen) {
        for (int i = 0; i < MOST_MESSAGES; i++) {
            Optional<UnderWay> next = underWay().stream().filter(chosen).findFirst();
            if (next.isEmpty()) {
                return;
            }
            deliver(next.get());
        }
        throw new AssertionError("they talk for ever; under way are " + underWay());
    }

    /** Stops a replica and starts it again with what it has kept. What it had sent is under way no more. */
    public void crash(String replica) {
        SteppedReplica before = at(replica);
        start(before.id(), before.journal());
    }
}
