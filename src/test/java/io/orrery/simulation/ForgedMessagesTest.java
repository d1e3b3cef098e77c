package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.codec.Codec;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkRule;
import io.orrery.network.Transit;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Roles;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
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
    /** Far more than any replica here has counted. */
    private static final long HIGH = 1L << 41;

    private static final List<Long> TOO_HIGH =
            List.of(HIGH, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE - 1, Long.MAX_VALUE);
    private static final List<Long> OTHERS =
            List.of(0L, -1L, Long.MIN_VALUE, 1L << 20, (1L << 40) - 1, 1L << 40, Long.MAX_VALUE >> 1);
    private static final CBORMapper MAPPER = new CBORMapper();
    private static final Codec<Message> CODEC = Codec.ofMessages();

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
        protocols().forEach(protocol -> kinds.addAll(protocol.kinds()));
        assertEquals(kinds, OF_ALL.keySet(), "there is a sample of each kind of message");
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    /** A message that has been sent. */
    private record Said(NodeId from, NodeId to, Message message) {}

    static List<ProtocolType> protocols() {
        return Protocols.all();
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
            samples.forEach(sample -> forEachForged(sample, TOO_HIGH, forged -> {
                take(world, sample, forged);
                assertNothingBelieved(world, sample + "\nas: " + forged);
            }));
            samples.forEach(sample -> forEachForged(sample, OTHERS, forged -> take(world, sample, forged)));
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

    private static World world(ProtocolType protocol, Map<String, List<Said>> said) {
        WorldSpec spec = new WorldSpec(
                protocol,
                REPLICAS,
                new Roles(REPLICAS.get(0), 1),
                new LinkRule(new Delay.Fixed(Duration.ofMillis(1)), 0, 0, false),
                Delay.NONE,
                new Tuning(Duration.ofSeconds(1), Duration.ofMillis(50), 10, 1_000),
                ReplicaLimits.DEFAULT);
        return simulation.begin(spec, 1, new WorldObserver() {
            @Override
            public void sent(Transit transit) {
                said.computeIfAbsent(transit.message().kind(), kind -> new ArrayList<>())
                        .add(new Said(transit.from(), transit.to(), transit.message()));
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
            world.find(sample.to()).orElseThrow().tell(new ReplicaActor.PeerMessage(sample.from(), forged));
            pass(world, MOMENT);
        } catch (RuntimeException e) {
            fail(sample + "\nas: " + forged, e);
        }
    }

    private static void assertNothingBelieved(World world, String what) {
        world.views().forEach((id, view) -> {
            assertTrue(view.status().known().sum() < HIGH, () -> id + " knows " + view.status() + " after " + what);
            long clock = view.clock() instanceof Long lamport ? lamport : 0;
            assertTrue(clock >= 0 && clock < HIGH, () -> id + "'s clock is at " + clock + " after " + what);
        });
    }

    /** The longest are the most telling. */
    private static Stream<Said> some(List<Said> said) {
        return said.stream()
                .sorted((a, b) -> Integer.compare(CODEC.encode(b.message()).length, CODEC.encode(a.message()).length))
                .limit(4);
    }

    private static void forEachForged(Said said, List<Long> extremes, Consumer<Message> action) {
        JsonNode whole = tree(said.message());
        forEachChanged(whole, extremes, changed -> {
            Message forged;
            try {
                forged = CODEC.decode(MAPPER.writeValueAsBytes(changed));
            } catch (IllegalArgumentException e) {
                return; // It does not even come so far.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            action.accept(forged);
        });
    }

    private static JsonNode tree(Message message) {
        try {
            return MAPPER.readTree(CODEC.encode(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passes on a tree as often as there are places in it and extremes for each. */
    private static void forEachChanged(JsonNode tree, List<Long> extremes, Consumer<JsonNode> action) {
        if (tree instanceof ObjectNode object) {
            for (String name : List.copyOf(
                    object.properties().stream().map(Map.Entry::getKey).toList())) {
                JsonNode before = object.get(name);
                forEachChanged(before, extremes, changed -> {
                    object.set(name, changed);
                    action.accept(tree);
                });
                object.set(name, before);
            }
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                JsonNode before = array.get(i);
                forEachChanged(before, extremes, changed -> {
                    array.set(at, changed);
                    action.accept(tree);
                });
                array.set(i, before);
            }
        } else if (tree.isIntegralNumber()) {
            extremes.forEach(extreme -> action.accept(LongNode.valueOf(extreme)));
        } else if (tree.isTextual()) {
            extremes(tree.textValue(), extremes).forEach(text -> action.accept(TextNode.valueOf(text)));
        }
    }

    /** Of an id, an origin or a version; of other texts what is none of these. */
    private static Stream<String> extremes(String text, List<Long> extremes) {
        int at = text.indexOf('@');
        String origin = text.substring(at + 1);
        String node = origin.split("~", 2)[0];
        LongStream numbers = extremes.stream().mapToLong(it -> it);
        return at > 0
                ? numbers.boxed().flatMap(it -> Stream.of(it + "@" + origin, "1@" + node + "~" + it))
                : Stream.concat(Stream.of("Z"), numbers.mapToObj(it -> node + "~" + it));
    }
}
