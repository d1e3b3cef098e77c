package io.orrery.testkit.protocol;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One replica of a protocol whose inputs a test gives by hand. What it sends stays here until the test delivers it, a timer runs
 * out when the test says so, and what it keeps is safe at once. Nothing runs beside the test.
 */
public final class SteppedReplica implements Effects {
    /** A client's question, and its answer. */
    public static final class Asked implements Request {
        private final Operation operation;
        private final String session;
        private final Optional<RequestId> id;
        private Outcome outcome;
        private boolean givenUp;

        Asked(Operation operation, String session) {
            this(operation, session, Optional.empty());
        }

        private Asked(Operation operation, String session, Optional<RequestId> id) {
            this.operation = operation;
            this.session = session;
            this.id = id;
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
        public Optional<RequestId> id() {
            return id;
        }

        @Override
        public boolean isOpen() {
            return outcome == null && !givenUp;
        }

        /** Its client does not wait any more. */
        public void giveUp() {
            givenUp = true;
        }

        public boolean isAnswered() {
            return outcome != null;
        }

        /** @throws AssertionError when it was not done */
        public Outcome.Done done() {
            if (outcome instanceof Outcome.Done done) {
                return done;
            }
            throw new AssertionError(operation + " is not done: " + (outcome == null ? "not answered" : outcome));
        }

        /** Null before it is answered. */
        public Outcome outcome() {
            return outcome;
        }
    }

    private final NodeId id;
    private final Protocol protocol;
    private final List<String> applied = new ArrayList<>();
    private final List<String> buffered = new ArrayList<>();
    private final List<JournalEntry> journal = new ArrayList<>();

    private final Map<NodeId, List<Message>> sent = new LinkedHashMap<>();
    private final Map<String, Timer> timers = new LinkedHashMap<>();
    private final List<Origin> replacedBy = new ArrayList<>();

    /**
     * Starts a replica for the first time.
     *
     * @param self which start it is
     */
    public SteppedReplica(ProtocolType type, Tuning tuning, Origin self, String... replicas) {
        this(type, settings(self.node(), tuning, replicas), new Start(self.incarnation(), self.start()), List.of());
    }

    public SteppedReplica(ProtocolType type, String self, String... replicas) {
        this(type, Tuning.DEFAULT, Origin.of(self), replicas);
    }

    /**
     * Starts a replica with what an earlier life of it has kept.
     *
     * @param found the journal of that life, in its order
     */
    public SteppedReplica(ProtocolType type, ReplicaSettings settings, Start start, List<JournalEntry> found) {
        id = settings.self();
        protocol = type.create(settings, this);
        journal.addAll(found);
        found.forEach(protocol::recover);
        protocol.start(start);
    }

    private static ReplicaSettings settings(NodeId self, Tuning tuning, String... replicas) {
        return new ReplicaSettings(self, Stream.of(replicas).map(NodeId::of).toList(), tuning);
    }

    public NodeId id() {
        return id;
    }

    public Protocol protocol() {
        return protocol;
    }

    /** What it has applied, in order: {@code x = "A"}. */
    public List<String> applied() {
        return applied;
    }

    /** What it has buffered, with what each waits for first. */
    public List<String> buffered() {
        return buffered;
    }

    /** What it has kept, in order. */
    public List<JournalEntry> journal() {
        return List.copyOf(journal);
    }

    /** The starts that it was told have taken its place, in order. */
    public List<Origin> replacedBy() {
        return List.copyOf(replacedBy);
    }

    /** The names of the timers that are set. */
    public Set<String> timers() {
        return Collections.unmodifiableSet(timers.keySet());
    }

    /** All have said hello to each other, and been answered. */
    public static void greet(SteppedReplica... replicas) {
        for (String kind : List.of("hello", "answer")) {
            for (SteppedReplica from : replicas) {
                for (SteppedReplica to : replicas) {
                    from.deliver(kind, to);
                }
            }
        }
    }

    /** A client writes a text. */
    public Asked put(String session, String key, String value) {
        return ask(session, new Operation.Write(Key.of(key), Value.of(value)));
    }

    /** Makes a write without a session. Returns the update as it is sent to each of the others. */
    public Message write(String key, String value) {
        put("", key, value);
        return lastUpdate();
    }

    public Asked get(String session, String key) {
        return ask(session, new Operation.Read(Key.of(key)));
    }

    public Asked ask(String session, Operation operation) {
        return ask(new Asked(operation, session));
    }

    /** A client writes, with an id of its own. */
    public Asked ask(RequestId id, Operation operation) {
        return ask(new Asked(operation, "", Optional.of(id)));
    }

    private Asked ask(Asked asked) {
        protocol.request(asked);
        return asked;
    }

    /** The value that the replica shows, as JSON; nothing where it shows none. */
    public String shown(String key) {
        return protocol.lookup(Key.of(key))
                .flatMap(Update::value)
                .map(Value::json)
                .orElse("");
    }

    /** A message arrives. */
    public void take(NodeId from, Message message) {
        protocol.message(from, message);
    }

    /** The update that was sent last. */
    public Message lastUpdate() {
        List<Message> all = sent.values().iterator().next().stream()
                .filter(message -> message.kind().equals("update"))
                .toList();
        return all.get(all.size() - 1);
    }

    /** Hands over all of a kind that this replica has sent to another. */
    public void deliver(String kind, SteppedReplica to) {
        List<Message> messages = sentTo(to.id);
        List<Message> chosen =
                messages.stream().filter(message -> message.kind().equals(kind)).toList();
        messages.removeAll(chosen);
        chosen.forEach(message -> to.take(id, message));
    }

    /** A timer runs out. */
    public void fire(String timer) {
        if (!timers.containsKey(timer)) {
            throw new AssertionError("no timer " + timer + " is set; there are " + timers.keySet());
        }
        protocol.timer(timers.remove(timer));
    }

    @Override
    public void send(NodeId to, Message message) {
        sentTo(to).add(message);
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
    public void persist(JournalEntry entry) {
        journal.add(entry);
    }

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

    @Override
    public void forgot(long writes) {}

    @Override
    public void replaced(Origin by) {
        replacedBy.add(by);
    }

    @Override
    public void end() {}

    /** What it has sent to another and the test has not delivered, in order; the test may change it. */
    public List<Message> sentTo(NodeId to) {
        return sent.computeIfAbsent(to, it -> new ArrayList<>());
    }
}
