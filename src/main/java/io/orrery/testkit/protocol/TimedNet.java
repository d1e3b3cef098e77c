package io.orrery.testkit.protocol;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Values;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.oracle.Oracles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A few replicas of a protocol and a network between them, in virtual milliseconds and without actors: a thousand times as quick as
 * a world, and with faults that a world has not, such as a crash between two effects of one input. {@linkplain Oracles#ofReplicas Invariants}
 * hold after each input. What is drawn at random comes from the seed, so one seed gives one story.
 *
 * <p>With every third seed values are apart from their writes, as a disk has them: nothing may depend on it.
 */
public class TimedNet {
    /** How a link treats messages; delays in milliseconds. */
    public record Rule(double loss, double duplicate, long minDelay, long maxDelay) {
        public static final Rule PERFECT = new Rule(0, 0, 1, 1);
        public static final Rule CUT = new Rule(1, 0, 1, 1);

        public static Rule delay(long millis) {
            return new Rule(0, 0, millis, millis);
        }
    }

    /** A message that was sent. */
    public record Sent(NodeId from, NodeId to, Message message) {}

    private record Event(long at, long sequence, Runnable action) {}

    /** The replica crashes in the middle of its effects. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Node {
        private final NodeId id;
        private final ValuesApart values = new ValuesApart();
        private final List<JournalEntry> journal = new ArrayList<>();
        private final Map<Timer, Long> timers = new HashMap<>();
        /** Null while the replica is down. */
        private Protocol protocol;

        private int life;
        /** How many effects of the next input are carried out before the crash; negative for no crash. */
        private int effectsUntilCrash = -1;

        Node(NodeId id) {
            this.id = id;
        }
    }

    private final Oracles oracles;
    private final WorldObserver told;
    private final ProtocolType watched;
    private final SeededRandom random;
    private final boolean valuesAreApart;
    private final Tuning tuning;
    private final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Rule> rules = new HashMap<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::sequence));
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> lackOfRoom = new ArrayList<>();
    private Rule defaultRule = Rule.PERFECT;
    private long sequence;
    private long now;

    /** Starts replicas of these names, which greet each other over perfect links. */
    public TimedNet(ProtocolType type, long seed, Tuning tuning, String... names) {
        this.oracles = Oracles.ofReplicas(type);
        this.told = oracles.observer();
        this.watched = oracles.watched();
        this.random = new SeededRandom(seed);
        this.valuesAreApart = seed % 3 == 1;
        this.tuning = tuning;
        Stream.of(names).map(NodeId::of).forEach(id -> nodes.put(id, new Node(id)));
        nodes.values().forEach(this::start);
        pass(100);
    }

    /** A replica sends something, which may be lost on the way. For a test that checks more. */
    protected void sent(NodeId from, Message message) {}

    /** A replica keeps something. For a test that checks more. */
    protected void persisted(NodeId at, JournalEntry entry, Values values) {}

    // What happens

    /** Time passes, and what is due happens. */
    public final void pass(long millis) {
        long until = now + millis;
        while (!events.isEmpty() && events.peek().at() <= until) {
            Event event = events.poll();
            now = Math.max(now, event.at());
            event.action().run();
        }
        now = until;
    }

    private void at(long millis, Runnable action) {
        events.add(new Event(millis, sequence++, action));
    }

    /** A client writes a text. A replica that is down hears nothing of it. */
    public final void put(String at, String key, String value) {
        ask(at, new Operation.Write(Key.of(key), Value.of(value)));
    }

    public final void delete(String at, String key) {
        ask(at, new Operation.Delete(Key.of(key)));
    }

    private void ask(String at, Operation operation) {
        input(at, protocol -> protocol.request(new SteppedReplica.Asked(operation, "")));
    }

    /** A replica is given something by hand, if it is up. */
    public final void input(String name, Consumer<Protocol> input) {
        input(NodeId.of(name), input);
    }

    private void input(NodeId id, Consumer<Protocol> input) {
        Node node = nodes.get(id);
        if (node.protocol == null) {
            return;
        }
        try {
            input.accept(node.protocol);
            node.effectsUntilCrash = -1;
            oracles.breaches().stream().findFirst().ifPresent(breach -> {
                throw new AssertionError(breach);
            });
        } catch (Crash crash) {
            crash(node);
        }
    }

    /** A link has a rule of its own from now on. */
    public final void link(String from, String to, Rule rule) {
        rules.put(from + ">" + to, rule);
    }

    /** The rule of all links that have none of their own. */
    public final void links(Rule rule) {
        defaultRule = rule;
    }

    /** All links are perfect again, and all are told that they reach all. */
    public final void healAll() {
        rules.clear();
        defaultRule = Rule.PERFECT;
        nodes.keySet()
                .forEach(from -> nodes.keySet().stream()
                        .filter(to -> !to.equals(from))
                        .forEach(to -> input(from, protocol -> protocol.reachable(to))));
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

    // What goes wrong

    public final void crash(String name) {
        crash(node(name));
    }

    private void crash(Node node) {
        node.protocol = null;
        node.life++;
        node.effectsUntilCrash = -1;
        told.stopped(node.id);
    }

    /** The replica will crash in the middle of its next input, after so many effects. */
    public final void crashDuringNextInput(String name, int effects) {
        node(name).effectsUntilCrash = effects;
    }

    /** Comes back with its journal; as a journal may, a compacted one has forgotten what a later entry of its slot has replaced. */
    public final void restart(String name, boolean compacted) {
        Node node = node(name);
        crash(node);
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
    public final void losePower(String name, int entries) {
        Node node = node(name);
        crash(node);
        node.journal
                .subList(Math.max(0, node.journal.size() - entries), node.journal.size())
                .clear();
        start(node);
    }

    /** Comes back without any memory. */
    public final void wipe(String name) {
        Node node = node(name);
        crash(node);
        node.journal.clear();
        node.values.wipe();
        start(node);
    }

    private void start(Node node) {
        node.life++;
        node.timers.clear();
        List<NodeId> all = List.copyOf(nodes.keySet());
        node.protocol = watched.create(new ReplicaSettings(node.id, all, tuning), new Carried(node));
        node.journal.forEach(node.protocol::recover);
        told.started(node.id, 0, node.protocol);
        // The first start has the name that tests know it by.
        UUID id = node.life == 1 ? Start.NO_ID : new UUID(random.nextLong(), random.nextLong());
        input(node.id, protocol -> protocol.start(new Start(0, id)));
    }

    // What can be seen

    private Node node(String name) {
        Node found = nodes.get(NodeId.of(name));
        if (found == null) {
            throw new IllegalArgumentException("there is no replica " + name + "; there are " + nodes.keySet());
        }
        return found;
    }

    public final boolean isUp(String name) {
        return node(name).protocol != null;
    }

    /** A replica that is up. */
    public final Protocol replica(String name) {
        return node(name).protocol;
    }

    /** All that was sent since it was last cleared, what was lost on the way too; the test may clear it. */
    public final List<Sent> sent() {
        return sent;
    }

    /** How many messages of a kind were sent since then. */
    public final long count(String kind) {
        return sent.stream().filter(one -> one.message().kind().equals(kind)).count();
    }

    /** What replicas have said of lack of room. */
    public final List<String> lackOfRoom() {
        return lackOfRoom;
    }

    /** All replicas hold the same, and know the same. */
    public final void assertConverged(String story) {
        Node first = nodes.values().iterator().next();
        for (Node node : nodes.values()) {
            equal(contents(first.protocol), contents(node.protocol), story + ": contents of " + node.id);
            equal(
                    first.protocol.status().known(),
                    node.protocol.status().known(),
                    story + ": what " + node.id + " knows");
        }
    }

    private static Map<Key, Update> contents(Protocol protocol) {
        Map<Key, Update> contents = new LinkedHashMap<>();
        protocol.forEach(update -> contents.put(update.key(), update.whole()));
        return contents;
    }

    private static void equal(Object expected, Object seen, String what) {
        if (!expected.equals(seen)) {
            throw new AssertionError(what + ": " + seen + ", and not " + expected);
        }
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
            sent(node.id, message);
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
            persisted(node.id, entry, values());
        }

        @Override
        public Values values() {
            return valuesAreApart ? node.values : Values.NONE;
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
            told.applied(node.id, update.whole());
        }

        @Override
        public void superseded(Update update, Update by) {
            next();
            told.superseded(node.id, update.whole(), by);
        }

        @Override
        public void lacksRoom(Update update) {
            lackOfRoom.add(node.id + " lacks room for " + update.version());
        }
    }
}
