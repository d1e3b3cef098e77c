package io.orrery.protocol.multimaster;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One replica whose inputs a test gives by hand: what it sends stays here until the test delivers it. */
final class HandDriven extends NoEffects {
    /** A client's question, and its answer. */
    static final class Asked implements Request {
        private final Operation operation;
        private final String session;
        private Outcome outcome;
        boolean givenUp;

        private Asked(Operation operation, String session) {
            this.operation = operation;
            this.session = session;
        }

        @Override
        public Operation operation() {
            return operation;
        }

        @Override
        public String session() {
            return session;
        }

        @Override
        public boolean isOpen() {
            return outcome == null && !givenUp;
        }

        boolean isAnswered() {
            return outcome != null;
        }

        Outcome.Done done() {
            return (Outcome.Done) outcome;
        }

        Outcome outcome() {
            return outcome;
        }
    }

    final NodeId id;
    final Protocol protocol;
    /** What it applied, in order: {@code x = "A"}. */
    final List<String> applied = new ArrayList<>();
    /** What it buffered, with what it waits for first. */
    final List<String> buffered = new ArrayList<>();

    private final Map<NodeId, List<Message>> sent = new LinkedHashMap<>();
    private final Map<String, Timer> timers = new LinkedHashMap<>();

    HandDriven(ProtocolType type, Tuning tuning, Origin self, String... replicas) {
        id = self.node();
        protocol = type.create(
                new ReplicaSettings(id, Stream.of(replicas).map(NodeId::of).toList(), tuning), this);
        protocol.start(new Start(self.incarnation(), self.start()));
    }

    HandDriven(ProtocolType type, String self, String... replicas) {
        this(type, Tuning.DEFAULT, Origin.of(self), replicas);
    }

    /** All have said hello to each other, and been answered. */
    static void greet(HandDriven... replicas) {
        for (String kind : List.of("hello", "answer")) {
            for (HandDriven from : replicas) {
                for (HandDriven to : replicas) {
                    from.deliver(kind, to);
                }
            }
        }
    }

    Asked put(String session, String key, String value) {
        return ask(session, new Operation.Write(Key.of(key), Value.of(value)));
    }

    /** Makes a write without a session. Returns the update as it is sent to each of the others. */
    Message write(String key, String value) {
        put("", key, value);
        return lastUpdate();
    }

    Asked get(String session, String key) {
        return ask(session, new Operation.Read(Key.of(key)));
    }

    Asked ask(String session, Operation operation) {
        Asked asked = new Asked(operation, session);
        protocol.request(asked);
        return asked;
    }

    /** The value that the replica shows, as JSON; nothing where it shows none. */
    String shown(String key) {
        return protocol.lookup(Key.of(key))
                .flatMap(Update::value)
                .map(Value::json)
                .orElse("");
    }

    void take(NodeId from, Message message) {
        protocol.message(from, message);
    }

    /** The update that was sent last. */
    Message lastUpdate() {
        List<Message> all = sent.values().iterator().next().stream()
                .filter(message -> message.kind().equals("update"))
                .toList();
        return all.get(all.size() - 1);
    }

    /** Hands over all of a kind that this replica has sent to another. */
    void deliver(String kind, HandDriven to) {
        List<Message> messages = sent.getOrDefault(to.id, new ArrayList<>());
        List<Message> chosen =
                messages.stream().filter(message -> message.kind().equals(kind)).toList();
        messages.removeAll(chosen);
        chosen.forEach(message -> to.take(id, message));
    }

    void fire(String timer) {
        protocol.timer(timers.get(timer));
    }

    @Override
    public void send(NodeId to, Message message) {
        sent.computeIfAbsent(to, it -> new ArrayList<>()).add(message);
    }

    @Override
    public void reply(Request request, Outcome outcome) {
        Asked asked = (Asked) request;
        if (asked.outcome != null) {
            throw new AssertionError("answered twice: " + asked.operation);
        }
        asked.outcome = outcome;
    }

    @Override
    public void persist(JournalEntry entry) {}

    @Override
    public void setTimer(Timer timer, Duration after) {
        timers.put(timer.name(), timer);
    }

    @Override
    public void applied(Update update) {
        applied.add(update.key() + " = " + update.value().map(Value::json).orElse("deleted"));
    }

    @Override
    public void buffered(Update update, String waitsFor) {
        buffered.add(update.key() + " waits for " + waitsFor);
    }

    @Override
    public void superseded(Update update, Update by) {
        applied.add(update.key() + " superseded");
    }
}
