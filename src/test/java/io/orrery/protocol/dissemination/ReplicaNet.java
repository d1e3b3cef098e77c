package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.Values;
import io.orrery.protocol.multimaster.LamportLww;
import io.orrery.testkit.protocol.TimedNet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A {@link TimedNet} of {@link LamportLww} that knows what dissemination is made of: a dot is one write for ever, kept or sent. */
final class ReplicaNet extends TimedNet {
    static final Tuning TUNING = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 1_000, 100_000);

    private Map<Dot, Write> writesByDot;

    ReplicaNet(long seed, Tuning tuning, String... names) {
        super(LamportLww.TYPE, seed, tuning, names);
    }

    @Override
    protected void sent(NodeId from, Message message) {
        if (message instanceof DisseminationMessage.Push push) {
            isOneWriteForEver(push.write());
        }
    }

    @Override
    protected void persisted(NodeId at, JournalEntry entry, Values values) {
        if (entry instanceof StoredWrite write) {
            isOneWriteForEver(write.whole(values::get));
        }
    }

    private Map<Dot, Write> writesByDot() {
        if (writesByDot == null) {
            writesByDot = new HashMap<>(); // The replicas start before this is constructed.
        }
        return writesByDot;
    }

    private void isOneWriteForEver(Write write) {
        Write before = writesByDot().putIfAbsent(write.dot(), write);
        assertTrue(before == null || before.equals(write), () -> "one dot for " + before + " and " + write);
    }

    /** The text that a replica shows; empty where it shows none. */
    Optional<String> value(String name, String key) {
        return replica(name)
                .lookup(Key.of(key))
                .flatMap(Update::value)
                .map(value -> value.tree().textValue());
    }

    /** What a replica shows by key, tombstones included. */
    Map<String, Write> contents(String name) {
        Map<String, Write> contents = new TreeMap<>();
        replica(name).forEach(update -> contents.put(update.key().name(), (Write) update.whole()));
        return contents;
    }

    /** The dumb twin: of all writes that were ever kept or sent, the one with the highest version of each key. */
    Map<String, Write> winners() {
        Map<String, Write> winners = new TreeMap<>();
        for (Write write : writesByDot().values()) {
            winners.merge(write.key().name(), write, (a, b) -> a.version().compareTo(b.version()) > 0 ? a : b);
        }
        return winners;
    }

    /** How many writes were sent in answers to fetches. */
    long fetched() {
        return sent().stream()
                .filter(one -> one.message() instanceof DisseminationMessage.Delta)
                .mapToLong(one ->
                        ((DisseminationMessage.Delta) one.message()).writes().size())
                .sum();
    }
}
