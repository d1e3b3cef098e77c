package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.orrery.codec.Codec;
import io.orrery.codec.Extremes;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkRule;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every message that replicas have said to each other comes once more, with each number and each name in it changed to
 * every extreme: no replica believes it, or fails by it, then or when it starts again.
 */
class ForgedMessagesTest {
    private static final List<NodeId> REPLICAS =
            Stream.of("A", "B", "C").map(NodeId::of).toList();
    private static final Duration MOMENT = Duration.ofMillis(5);

    private static Simulation simulation;
    /** What replicas of all protocols have said, by its kind: they may be sent to a replica of any. */
    private static final Map<String, List<Said>> OF_ALL = new TreeMap<>();

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
        for (ProtocolType protocol : protocols()) {
            try (World world = world(protocol, OF_ALL)) {
                live(world);
            }
        }
        Set<String> kinds = new TreeSet<>();
        protocols().forEach(protocol -> kinds.addAll(protocol.vocabulary().kinds()));
        assertEquals(kinds, OF_ALL.keySet(), "there is a sample of each kind of message");
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    /** A message that has been sent. */
    private record Said(NodeId from, NodeId to, Message message, Codec<Message> codec) {
        byte[] encoded() {
            return codec.encode(message);
        }
    }

    /** Not those whose replicas elect a leader: it is believed, and who can forge its messages leads. */
    static List<ProtocolType> protocols() {
        return Protocols.all().stream()
                .filter(type -> type.leadership() != ProtocolType.Leadership.ELECTED)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void nobodyBelievesThemOrFailsByThem(ProtocolType protocol) {
        Map<String, List<Said>> said = new TreeMap<>();
        try (World world = world(protocol, said)) {
            live(world);
            OF_ALL.forEach(said::putIfAbsent);
            List<Said> samples =
                    said.values().stream().flatMap(ForgedMessagesTest::some).toList();
            samples.forEach(sample -> forEachForged(sample, Extremes.TOO_HIGH, forged -> {
                take(world, sample, forged);
                assertNothingBelieved(world, sample + "\nas: " + forged);
            }));
            samples.forEach(sample -> forEachForged(sample, Extremes.OTHERS, forged -> take(world, sample, forged)));
            REPLICAS.forEach(id -> world.apply(new Fault.Restart(id)));
            pass(world, Duration.ofSeconds(10));
            assertEquals(REPLICAS, List.copyOf(world.views().keySet()), "all are up");
        }
    }

    /** One forged message by itself, and the replica is as it was. */
    @ParameterizedTest
    @MethodSource("protocols")
    void afterAVersionThatIsTooHighWritesGoOn(ProtocolType protocol) {
        Map<String, List<Said>> said = new TreeMap<>();
        try (World world = world(protocol, said)) {
            live(world);
            Said update = said.get("update").get(0);
            forEachForged(update, List.of(Long.MAX_VALUE), forged -> take(world, update, forged));
            for (int round = 0; round < 2; round++) {
                assertInstanceOf(Outcome.Done.class, put(world, REPLICAS.get(0), "after"));
                REPLICAS.forEach(id -> world.apply(new Fault.Restart(id)));
                pass(world, Duration.ofSeconds(10));
            }
        }
    }

    /** It outnumbers the replica that it is forged of: at the most until that starts again. */
    @ParameterizedTest
    @MethodSource("protocols")
    void afterAForgedStartTheReplicaIsTheOneThatStartsNext(ProtocolType protocol) {
        Map<String, List<Said>> said = new TreeMap<>();
        try (World world = world(protocol, said)) {
            live(world);
            NodeId first = REPLICAS.get(0);
            Said hello = said.get("hello").stream()
                    .filter(it -> it.from().equals(first))
                    .findFirst()
                    .orElseThrow();
            forEachForged(hello, List.of(CounterLimits.LEAP), forged -> take(world, hello, forged));
            for (int round = 0; round < 4; round++) {
                world.apply(new Fault.Restart(first));
                pass(world, Duration.ofSeconds(20));
                Key key = Key.of("after " + round);
                assertInstanceOf(Outcome.Done.class, put(world, first, key.name()));
                pass(world, Duration.ofSeconds(5));
                world.views().forEach((id, view) -> assertTrue(view.lookup(key).isPresent(), "at " + id));
            }
        }
    }

    private static World world(ProtocolType protocol, Map<String, List<Said>> said) {
        WorldSpec spec = new WorldSpec(
                protocol,
                REPLICAS,
                ProtocolOptions.usual(REPLICAS)
                        .with(ProtocolOptions.LEADER, REPLICAS.get(0))
                        .with(ProtocolOptions.WRITE_QUORUM, 1),
                new LinkRule(new Delay.Fixed(Duration.ofMillis(1)), 0, 0, false),
                Delay.NONE,
                new Tuning(Duration.ofSeconds(1), Duration.ofMillis(50), 10, 1_000),
                ReplicaLimits.DEFAULT);
        Codec<Message> codec = Codec.ofMessages(protocol);
        return simulation.begin(spec, 1, new WorldObserver() {
            @Override
            public void sent(InFlightMessage inFlightMessage) {
                said.computeIfAbsent(inFlightMessage.message().kind(), kind -> new ArrayList<>())
                        .add(new Said(inFlightMessage.from(), inFlightMessage.to(), inFlightMessage.message(), codec));
            }
        });
    }

    /** A life in which replicas say all that they can say. */
    private static void live(World world) {
        NodeId last = REPLICAS.get(2);
        REPLICAS.forEach(id -> put(world, id, "x"));
        get(world, last, "x");
        world.apply(new Fault.Isolate(last));
        REPLICAS.forEach(id -> put(world, id, "y"));
        pass(world, Duration.ofSeconds(12));
        world.apply(Fault.Heal.ALL);
        pass(world, Duration.ofSeconds(3));
        world.apply(new Fault.Wipe(last));
        world.apply(new Fault.Restart(last));
        pass(world, Duration.ofSeconds(20));
        REPLICAS.forEach(id -> put(world, id, "z"));
        get(world, last, "z");
        world.apply(new Fault.Twin(last));
        pass(world, Duration.ofSeconds(12));
    }

    private static Outcome put(World world, NodeId via, String key) {
        return ask(world, via, new Operation.Write(Key.of(key), Value.of(via.name())));
    }

    private static void get(World world, NodeId via, String key) {
        ask(world, via, new Operation.Read(Key.of(key)));
    }

    private static Outcome ask(World world, NodeId via, Operation operation) {
        List<Outcome> outcome = new ArrayList<>();
        Client client = world.client("c" + world.events());
        client.setTimeout(Duration.ofSeconds(3));
        client.invoke(via, operation, outcome::add);
        world.runUntil(() -> !outcome.isEmpty(), world.now().plusSeconds(4));
        return outcome.get(0);
    }

    private static void pass(World world, Duration time) {
        world.runTo(world.now().plus(time));
    }

    private static void take(World world, Said sample, Message forged) {
        try {
            world.forge(sample.from(), sample.to(), forged);
            pass(world, MOMENT);
        } catch (RuntimeException e) {
            fail(sample + "\nas: " + forged, e);
        }
    }

    private static void assertNothingBelieved(World world, String what) {
        world.views().forEach((id, view) -> {
            assertTrue(
                    view.status().known().sum() < Extremes.HIGH,
                    () -> id + " knows " + view.status() + " after " + what);
            long clock = view.clock() instanceof Long lamport ? lamport : 0;
            assertTrue(clock >= 0 && clock < Extremes.HIGH, () -> id + "'s clock is at " + clock + " after " + what);
        });
    }

    /** The longest are the most telling. */
    private static Stream<Said> some(List<Said> said) {
        return said.stream()
                .sorted((a, b) -> Integer.compare(b.encoded().length, a.encoded().length))
                .limit(4);
    }

    private static void forEachForged(Said said, List<Long> extremes, Consumer<Message> action) {
        Extremes.forEachChanged(said.encoded(), extremes, changed -> {
            Message forged;
            try {
                forged = said.codec().decode(changed);
            } catch (IllegalArgumentException e) {
                return; // It does not even come so far.
            }
            action.accept(forged);
        });
    }
}
