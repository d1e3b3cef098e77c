package io.orrery.replica;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The least that a protocol can be. A write is persisted, sent to all peers, answered and shown, in this order; a read is
 * answered; every other input is told to the peers, so that a test sees that it was handled.
 */
final class EchoProtocol implements Protocol {
    static final ProtocolType TYPE = new ProtocolType(
            "echo", "for tests", new Vocabulary(List.of("said"), List.of(), List.of()), EchoProtocol::new);
    static final Duration PERIOD = Duration.ofSeconds(1);
    /** What concerns it is never answered. */
    static final Key SILENT = Key.of("silent");

    private final ReplicaSettings settings;
    private final Effects effects;
    private final TreeMap<Key, Entry> store = new TreeMap<>();

    enum Clock implements Timer {
        TICK
    }

    /** What the peers are told. */
    record Said(String what) implements Message {
        @Override
        public String kind() {
            return "said";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {}
    }

    record Entry(Key key, Optional<Value> value, Version version) implements JournalEntry, Update {
        @Override
        public Object slot() {
            return key;
        }

        @Override
        public long bytes() {
            return value.map(it -> it.json().length()).orElse(0);
        }
    }

    private EchoProtocol(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
    }

    private void say(String what) {
        settings.peers().forEach(peer -> effects.send(peer, new Said(what)));
    }

    @Override
    public void recover(JournalEntry entry) {}

    @Override
    public void start(Start start) {
        effects.setTimer(Clock.TICK, PERIOD);
    }

    @Override
    public void request(Request request) {
        if (request.operation().key().equals(SILENT)) {
            return;
        }
        Optional<Value> value = Optional.empty();
        if (request.operation() instanceof Operation.Write write) {
            value = Optional.of(write.value());
            Entry entry = new Entry(write.key(), value, Version.of(1, "A"));
            store.put(entry.key(), entry);
            effects.persist(entry);
            say("write " + write.value());
            effects.applied(entry);
        }
        effects.reply(request, new Outcome.Done(value, Optional.empty(), Outcome.Status.APPLIED, ""));
    }

    @Override
    public void message(NodeId from, Message message) {
        say("message from " + from);
    }

    @Override
    public void timer(Timer timer) {
        say("timer " + timer.name());
        effects.setTimer(timer, PERIOD);
    }

    @Override
    public long counted() {
        return 0;
    }

    @Override
    public void reachable(NodeId peer) {
        say("reachable " + peer);
    }

    @Override
    public ServiceStatus serviceStatus() {
        return new ServiceStatus(List.of(), List.of(), List.of());
    }

    @Override
    public Optional<? extends Update> lookup(Key key) {
        return Optional.ofNullable(store.get(key));
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        store.values().forEach(action);
    }

    @Override
    public Object clock() {
        return 0;
    }

    @Override
    public ReplicaStatus status() {
        return new ReplicaStatus("0", VersionVector.EMPTY, 0, 0, List.of(), new TreeMap<>(), ReplicaStatus.Memory.NONE);
    }
}
