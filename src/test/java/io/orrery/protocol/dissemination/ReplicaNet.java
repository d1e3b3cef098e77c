package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Values;
import io.orrery.protocol.multimaster.LamportLww;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A few {@link LamportLww} objects and a network between them, in virtual milliseconds: no actors. It checks at each step
 * what must hold always: a dot is one write for ever, a clock never goes back, a store never loses a newer version.
 */
final class ReplicaNet {
    /** Longer ones are apart from their writes in some nets. */
    private static final int SMALL_VALUE = 3;

    static final Tuning TUNING = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 1_000, 100_000);

    /** How a link treats messages. */
    record Rule(double loss, double duplicate, long minDelay, long maxDelay) {
        static final Rule PERFECT = new Rule(0, 0, 1, 1);
        static final Rule CUT = new Rule(1, 0, 1, 1);

        static Rule delay(long millis) {
            return new Rule(0, 0, millis, millis);
        }
    }

    record Sent(NodeId from, NodeId to, Message message) {}

    private record Event(long at, long sequence, Runnable action) {}

    /** The replica crashes in the middle of its effects. */
    private static final class Crash extends RuntimeException {}

    /** Values apart from their writes, as a journal on disk has them; what is dropped may not be asked for again. */
    private static final class ValuesApart implements Values {
        private final Map<Dot, Value> kept = new HashMap<>();
        private final Set<Dot> dropped = new HashSet<>();

        @Override
        public boolean takes(Value value) {
            return value.json().length() > SMALL_VALUE;
        }

        @Override
        public void put(Dot write, Value value) {
            kept.put(write, value);
            dropped.remove(write);
        }

        @Override
        public Value get(Dot write) {
            assertFalse(dropped.contains(write), () -> "the value of " + write + " was dropped");
            return Objects.requireNonNull(kept.get(write), () -> "there is no value of " + write);
        }

        @Override
        public Value read(Dot write) {
            return get(write);
        }

        @Override
        public void drop(Dot write) {
            dropped.add(write);
        }

        @Override
        public void dropAllBut(Predicate<Dot> needed, int count) {
            // Where the end of the journal is lost, so is the end of what was dropped.
            dropped.clear();
            dropped.addAll(kept.keySet());
            dropped.removeIf(needed);
            assertEquals(count, kept.size() - dropped.size());
        }

        @Override
        public Function<Dot, Value> snapshot() {
            Map<Dot, Value> now = new HashMap<>(kept);
            now.keySet().removeAll(dropped);
            return now::get;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }
    }

    private static final class Node {
        private final NodeId id;
        private final ValuesApart values = new ValuesApart();
        private final List<JournalEntry> journal = new ArrayList<>();
        private final Map<Timer, Long> timers = new HashMap<>();
        private final Map<Key, Version> shown = new HashMap<>();
        private LamportLww protocol;
        private int life;
        private long clock;
        /** How many effects of the next input are carried out before the crash; negative for no crash. */
        private int effectsUntilCrash = -1;

        Node(NodeId id) {
            this.id = id;
        }
    }

    private final SeededRandom random;
    /** So it is with some seeds: nothing may depend on it. */
    private final boolean valuesAreApart;

    private final Tuning tuning;
    private final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Rule> rules = new HashMap<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::sequence));
    private final Map<Dot, Write> writesByDot = new HashMap<>();
    private long sequence;
    private long now;
    /** All that was sent since it was last cleared, what was lost on the way too. */
    final List<Sent> sent = new ArrayList<>();

    /** What replicas have said of it. */
    final List<String> lackOfRoom = new ArrayList<>();

    Rule defaultRule = Rule.PERFECT;

    ReplicaNet(long seed, Tuning tuning, String... names) {
        this.random = new SeededRandom(seed);
        this.valuesAreApart = seed % 3 == 1;
        this.tuning = tuning;
        Stream.of(names).map(NodeId::of).forEach(id -> nodes.put(id, new Node(id)));
        nodes.values().forEach(this::start);
        pass(100); // The replicas have greeted each other.
    }

    private final class Carried extends NoEffects {
        private final Node node;

        Carried(Node node) {
            this.node = node;
        }

        private void next() {
            if (node.effectsUntilCrash == 0) {
                throw new Crash();
            }
            node.effectsUntilCrash--;
        }

        @Override
        public void send(NodeId to, Message message) {
            next();
            sent.add(new Sent(node.id, to, message));
            if (message instanceof DisseminationMessage.Push push) {
                isOneWriteForEver(push.write());
            }
            transmit(node.id, to, message);
        }

        @Override
        public void reply(Request request, Outcome outcome) {
            next();
        }

        @Override
        public void persist(JournalEntry entry) {
            next();
            node.journal.add(entry);
            if (entry instanceof Kept write) {
                isOneWriteForEver(write.whole(values()::get));
            }
        }

        @Override
        public Values values() {
            return valuesAreApart ? node.values : Values.NONE;
        }

        @Override
        public void lacksRoom(Update update) {
            lackOfRoom.add(node.id + " lacks room for " + update.version());
        }

        @Override
        public void setTimer(Timer timer, Duration after) {
            long setting = sequence++;
            node.timers.put(timer, setting);
            int life = node.life;
            at(now + after.toMillis(), () -> {
                if (node.life == life && node.timers.get(timer) == setting) {
                    input(node.id, protocol -> protocol.timer(timer));
                }
            });
        }

        @Override
        public void applied(Update update) {
            next();
            Version before = node.shown.put(update.key(), update.version());
            assertTrue(
                    before == null || before.compareTo(update.version()) < 0,
                    () -> node.id + " shows " + update + " after " + before);
        }

        @Override
        public void superseded(Update update, Update by) {
            next();
            assertTrue(update.version().compareTo(by.version()) < 0);
        }
    }

    private void isOneWriteForEver(Write write) {
        Write before = writesByDot.putIfAbsent(write.dot(), write);
        assertTrue(before == null || before.equals(write), () -> "one dot for " + before + " and " + write);
    }

    /** Something that a replica is given. */
    interface Input {
        void giveTo(LamportLww protocol);
    }

    void input(String name, Input input) {
        input(NodeId.of(name), input);
    }

    private void input(NodeId id, Input input) {
        Node node = nodes.get(id);
        if (node.protocol == null) {
            return;
        }
        try {
            input.giveTo(node.protocol);
            node.effectsUntilCrash = -1;
            long clock = (Long) node.protocol.clock();
            assertTrue(clock >= node.clock, () -> id + "'s clock went back from " + node.clock + " to " + clock);
            node.clock = clock;
        } catch (Crash crash) {
            crash(id);
        }
    }

    private void start(Node node) {
        node.life++;
        node.timers.clear();
        List<NodeId> all = List.copyOf(nodes.keySet());
        node.protocol = new LamportLww(new ReplicaSettings(node.id, all, tuning), new Carried(node));
        node.journal.forEach(node.protocol::recover);
        node.clock = (Long) node.protocol.clock();
        // The first start has the name that tests know it by.
        UUID id = node.life == 1 ? Start.NO_ID : new UUID(random.nextLong(), random.nextLong());
        input(node.id, protocol -> protocol.start(new Start(0, id)));
    }

    private void transmit(NodeId from, NodeId to, Message message) {
        Rule rule = rules.getOrDefault(from + ">" + to, defaultRule);
        if (random.nextDouble() < rule.loss()) {
            return;
        }
        int copies = random.nextDouble() < rule.duplicate() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = rule.minDelay() + random.nextLong(rule.maxDelay() - rule.minDelay() + 1);
            at(now + delay, () -> input(to, protocol -> protocol.message(from, message)));
        }
    }

    private void at(long millis, Runnable action) {
        events.add(new Event(millis, sequence++, action));
    }

    void link(String from, String to, Rule rule) {
        rules.put(from + ">" + to, rule);
    }

    void healAll() {
        rules.clear();
        defaultRule = Rule.PERFECT;
        nodes.keySet()
                .forEach(from -> nodes.keySet().stream()
                        .filter(to -> !to.equals(from))
                        .forEach(to -> input(from, protocol -> protocol.reachable(to))));
    }

    void pass(long millis) {
        long until = now + millis;
        while (!events.isEmpty() && events.peek().at() <= until) {
            Event event = events.poll();
            now = Math.max(now, event.at());
            event.action().run();
        }
        now = until;
    }

    void put(String at, String key, String value) {
        Operation operation =
                value == null ? new Operation.Delete(Key.of(key)) : new Operation.Write(Key.of(key), Value.of(value));
        Request request = new Request() {
            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public Operation operation() {
                return operation;
            }

            @Override
            public String session() {
                return "";
            }
        };
        input(NodeId.of(at), protocol -> protocol.request(request));
    }

    void delete(String at, String key) {
        put(at, key, null);
    }

    void crash(String name) {
        crash(NodeId.of(name));
    }

    private void crash(NodeId id) {
        Node node = nodes.get(id);
        node.protocol = null;
        node.life++;
        node.shown.clear();
        node.effectsUntilCrash = -1;
    }

    /** The replica will crash in the middle of its next input, after so many effects. */
    void crashDuringNextInput(String name, int effects) {
        nodes.get(NodeId.of(name)).effectsUntilCrash = effects;
    }

    /** Comes back with its journal; as a journal may, this one forgets what a later entry of its slot has replaced. */
    void restart(String name, boolean compacted) {
        Node node = nodes.get(NodeId.of(name));
        crash(node.id);
        if (compacted) {
            Map<Object, JournalEntry> last = new LinkedHashMap<>();
            node.journal.forEach(entry -> {
                last.remove(entry.slot());
                last.put(entry.slot(), entry);
            });
            node.journal.clear();
            node.journal.addAll(last.values());
        }
        start(node);
    }

    /** Comes back without the last entries of its journal: an older copy. */
    void losePower(String name, int entries) {
        Node node = nodes.get(NodeId.of(name));
        crash(node.id);
        node.journal
                .subList(Math.max(0, node.journal.size() - entries), node.journal.size())
                .clear();
        node.clock = 0;
        start(node);
    }

    /** Comes back without any memory. */
    void wipe(String name) {
        Node node = nodes.get(NodeId.of(name));
        crash(node.id);
        node.journal.clear();
        node.values.kept.clear();
        node.clock = 0;
        start(node);
    }

    boolean isUp(String name) {
        return nodes.get(NodeId.of(name)).protocol != null;
    }

    LamportLww replica(String name) {
        return nodes.get(NodeId.of(name)).protocol;
    }

    /** What a replica shows: values by key; a tombstone as {@code null}. */
    Map<String, Write> contents(String name) {
        Map<String, Write> contents = new TreeMap<>();
        replica(name).forEach(update -> contents.put(update.key().name(), (Write) update.whole()));
        return contents;
    }

    Optional<String> value(String name, String key) {
        return replica(name)
                .lookup(Key.of(key))
                .flatMap(Update::value)
                .map(value -> value.tree().textValue());
    }

    /** The dumb twin: of all writes that were ever kept or sent, the one with the highest version of each key. */
    Map<String, Write> winners() {
        Map<String, Write> winners = new TreeMap<>();
        for (Write write : writesByDot.values()) {
            winners.merge(write.key().name(), write, (a, b) -> a.version().compareTo(b.version()) > 0 ? a : b);
        }
        return winners;
    }

    void assertConverged(String story) {
        Map<String, Write> expected = null;
        for (NodeId id : nodes.keySet()) {
            Map<String, Write> contents = contents(id.name());
            expected = expected == null ? contents : expected;
            assertEquals(expected, contents, story + ": contents of " + id);
            assertEquals(
                    nodes.values().iterator().next().protocol.status().known(),
                    nodes.get(id).protocol.status().known(),
                    story + ": what " + id + " knows");
        }
    }

    long count(String kind) {
        return sent.stream().filter(one -> one.message().kind().equals(kind)).count();
    }

    /** How many writes were sent in answers to fetches. */
    long fetched() {
        return sent.stream()
                .filter(one -> one.message() instanceof DisseminationMessage.Delta)
                .mapToLong(one ->
                        ((DisseminationMessage.Delta) one.message()).writes().size())
                .sum();
    }
}
