package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Version;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.network.Selector;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes say to each other, through the serializer that Pekko finds for it. */
class WireTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final CBORMapper MAPPER = new CBORMapper();
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(
            ConfigFactory.parseString("pekko.remote.artery.canonical { hostname = 127.0.0.1, port = 0 }")
                    .withFallback(ConfigFactory.parseResources("membership.conf"))
                    .withFallback(ConfigFactory.load()));

    @AfterAll
    static void end() {
        TEST_KIT.shutdownTestKit();
    }

    static Stream<Wire> all() {
        List<Delay> delays = Stream.of("0s", "3s", "1ms..5ms", "exponential(20ms)", "normal(20ms, 5ms)")
                .map(Delay::parse)
                .toList();
        List<Fault.OfReplica> faults = List.of(
                new Fault.Crash(A),
                new Fault.Wipe(A),
                new Fault.Restart(A),
                new Fault.FailDisk(A),
                new Fault.Restore(A, Duration.ofSeconds(2)),
                new Fault.Twin(A),
                new Fault.Pause(A),
                new Fault.Resume(A));
        List<Wire.KnownLink> links = delays.stream()
                .map(delay -> new Links.LinkState(
                        A,
                        B,
                        new LinkRule(delay, 0.5, 0.125, true),
                        List.of(
                                new Links.Special(Selector.kind("update"), LinkChange.CUT),
                                new Links.Special(
                                        new Selector(Optional.of(Key.of("ключ")), Optional.of("update")),
                                        LinkChange.loss(0.25).then(LinkChange.delay(delays.get(2))))),
                        true,
                        7))
                .flatMap(link -> Stream.of(
                        new Wire.KnownLink(link, Optional.empty()),
                        new Wire.KnownLink(link, Optional.of(Version.of(3, "A")))))
                .toList();
        return Stream.concat(
                Stream.of(
                        new Wire.Carried(A, B, List.of(new byte[] {1, 2}, new byte[0], new byte[] {3})),
                        new Wire.Mark(A, 1L << 40),
                        new Wire.Marked(B, 0),
                        new Wire.Presence(
                                A,
                                "pekko://orrery@127.0.0.1:7000",
                                "life 1",
                                "lamport-lww",
                                List.of("a", "b"),
                                2,
                                true),
                        new Wire.Done(A, 5, Optional.of("running"), Optional.empty()),
                        new Wire.Done(A, 5, Optional.empty(), Optional.of("why not")),
                        new Wire.AskLinks(A, 6),
                        new Wire.LinkTable(A, 6, List.of()),
                        new Wire.LinkTable(A, 0, links)),
                faults.stream().map(fault -> new Wire.Order(A, 8, fault)));
    }

    @Test
    void everyTypeIsAmongTheSamples() {
        assertEquals(Set.copyOf(Wire.TYPES), all().map(Object::getClass).collect(Collectors.toSet()), "messages");
        assertEquals(
                Set.copyOf(Fault.OfReplica.TYPES),
                all().filter(Wire.Order.class::isInstance)
                        .map(it -> ((Wire.Order) it).fault().getClass())
                        .collect(Collectors.toSet()),
                "faults");
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMessageComesBackAsItWas(Wire message) {
        if (message instanceof Wire.Carried carried) {
            Wire.Carried back = (Wire.Carried) TEST_KIT.serializationTestKit().verifySerialization(message, false);
            assertEquals(carried.to(), back.to());
            assertArrayEquals(
                    carried.messages().toArray(byte[][]::new), back.messages().toArray(byte[][]::new));
        } else {
            TEST_KIT.serializationTestKit().verifySerialization(message, true);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatANewerVersionAddsIsPassedOver(Wire message) throws Exception {
        WireSerializer serializer = serializer();
        ObjectNode tree = (ObjectNode) MAPPER.readTree(serializer.toBinary(message));
        tree.put("of a newer version", "text").putObject("more of it").put("x", 1);
        Object back = serializer.fromBinary(MAPPER.writeValueAsBytes(tree), "orrery");
        if (!(message instanceof Wire.Carried)) {
            assertEquals(message, back);
        }
    }

    @Test
    void whatIsNotOfTheClosedSetIsNotRead() throws Exception {
        ObjectNode unknown =
                MAPPER.createObjectNode().put("@type", "of-a-newer-version").put("from", "A");
        byte[] bytes = MAPPER.writeValueAsBytes(unknown);
        assertUnreadable(bytes);
        ObjectNode named = MAPPER.createObjectNode().put("@type", "java.util.ArrayList");
        byte[] ofAClass = MAPPER.writeValueAsBytes(named);
        assertUnreadable(ofAClass);
        assertUnreadable(new byte[] {1, 2, 3});
    }

    private static void assertUnreadable(byte[] bytes) throws NotSerializableException {
        assertInstanceOf(Courier.Unreadable.class, serializer().fromBinary(bytes, "orrery"));
    }

    @Test
    void javaSerializationIsOff() {
        assertThrows(
                Exception.class,
                () -> SerializationExtension.get(TEST_KIT.system())
                        .serialize(Duration.ofSeconds(1))
                        .get());
    }

    private static WireSerializer serializer() throws NotSerializableException {
        return (WireSerializer) SerializationExtension.get(TEST_KIT.system()).serializerFor(Wire.Mark.class);
    }
}
