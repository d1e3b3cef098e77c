package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.codec.Codec;
import io.orrery.live.ClusterRecord;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Version;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.network.Links;
import io.orrery.network.LossRun;
import io.orrery.network.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes say to each other, as bytes and back. */
class NodeMessageTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final ClusterRecord.Ballot BALLOT = new ClusterRecord.Ballot(3, A);
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final CBORMapper MAPPER = new CBORMapper();
    private static final Codec<NodeMessage> CODEC = NodeMessage.codec();

    static Stream<NodeMessage> all() {
        List<Delay> delays = Stream.of("0s", "3s", "1ms..5ms", "exponential(20ms)", "normal(20ms, 5ms)")
                .map(Delay::parse)
                .toList();
        List<Fault.OfReplica> faults = List.of(
                new Fault.Crash(A),
                new Fault.Wipe(A),
                new Fault.Restart(A),
                new Fault.FailDisk(A),
                new Fault.Slow(A, Delay.parse("1ms..5ms")),
                new Fault.ClockRate(A, 0.5),
                new Fault.ClockJump(A, Duration.ofSeconds(2), true),
                new Fault.FailDisk(A, Fault.DiskFailure.SYNC_KEPT),
                new Fault.DamageDisk(A, Fault.DiskDamage.FLIPPED_BIT),
                new Fault.SlowDisk(A, Duration.ofMillis(50)),
                new Fault.RepairDisk(A),
                new Fault.CutPower(A),
                new Fault.Restore(A, Duration.ofSeconds(2)),
                new Fault.Twin(A),
                new Fault.Pause(A),
                new Fault.Resume(A));
        List<NodeMessage.KnownLink> links = delays.stream()
                .map(delay -> new Links.LinkState(
                        A,
                        B,
                        new LinkRule(delay, 0.5, 0.125, true).withRuns(new LossRun(1, delays.indexOf(delay) + 1)),
                        List.of(
                                new Links.Special(Selector.kind("update"), LinkChange.CUT),
                                new Links.Special(
                                        new Selector(Optional.of(Key.of("ключ")), Optional.of("update")),
                                        LinkChange.loss(0.25)
                                                .then(LinkChange.delay(delays.get(2)))
                                                .then(LinkChange.runs(LossRun.parse("3..20"))))),
                        true,
                        7))
                .flatMap(link -> Stream.of(
                        new NodeMessage.KnownLink(link, Optional.empty()),
                        new NodeMessage.KnownLink(link, Optional.of(Version.of(3, "A")))))
                .toList();
        return Stream.concat(
                Stream.of(
                        new NodeMessage.Hello(
                                A, ID, "127.0.0.1:7000", Optional.of(ID), Map.of("protocol", "cops", "leader", "A")),
                        new NodeMessage.Hello(B, ID, "[::1]:7000", Optional.empty(), Map.of()),
                        new NodeMessage.Welcome(),
                        new NodeMessage.Farewell(),
                        new NodeMessage.Seat("127.0.0.1:7001", 0),
                        new NodeMessage.Seat("[::1]:7001", 3),
                        new NodeMessage.Up(true),
                        new NodeMessage.Up(false),
                        new ClusterFormation.Prepare(BALLOT),
                        new ClusterFormation.Promise(BALLOT, Optional.empty()),
                        new ClusterFormation.Promise(BALLOT, Optional.of(new ClusterRecord.Vote(BALLOT, ID))),
                        new ClusterFormation.Accept(new ClusterRecord.Vote(BALLOT, ID)),
                        new ClusterFormation.Accepted(BALLOT),
                        new ClusterFormation.Chosen(ID),
                        new NodeMessage.Done(5, Optional.of("running"), Optional.empty()),
                        new NodeMessage.Done(5, Optional.empty(), Optional.of("why not")),
                        new NodeMessage.AskLinks(6),
                        new NodeMessage.LinkTable(6, List.of()),
                        new NodeMessage.LinkTable(0, links)),
                faults.stream().map(fault -> new NodeMessage.Order(8, fault)));
    }

    @Test
    void everyTypeIsAmongTheSamples() {
        assertEquals(
                Set.copyOf(NodeMessage.TYPES), all().map(Object::getClass).collect(Collectors.toSet()), "messages");
        assertEquals(
                Set.copyOf(Fault.OfReplica.TYPES),
                all().filter(NodeMessage.Order.class::isInstance)
                        .map(it -> ((NodeMessage.Order) it).fault().getClass())
                        .collect(Collectors.toSet()),
                "faults");
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyMessageComesBackAsItWas(NodeMessage message) {
        assertEquals(message, CODEC.decode(CODEC.encode(message)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatANewerVersionAddsIsPassedOver(NodeMessage message) throws Exception {
        ObjectNode tree = (ObjectNode) MAPPER.readTree(CODEC.encode(message));
        tree.put("of a newer version", "text").putObject("more of it").put("x", 1);
        assertEquals(message, CODEC.decode(MAPPER.writeValueAsBytes(tree)));
    }

    @Test
    void whatIsNotOfTheClosedSetIsNotRead() throws Exception {
        ObjectNode unknown = MAPPER.createObjectNode().put("@type", "of-a-newer-version");
        assertUnreadable(MAPPER.writeValueAsBytes(unknown));
        ObjectNode named = MAPPER.createObjectNode().put("@type", "java.util.ArrayList");
        assertUnreadable(MAPPER.writeValueAsBytes(named));
        assertUnreadable(new byte[] {1, 2, 3});
    }

    @Test
    void idsAndRoundsThatCannotBeAreNotRead() throws Exception {
        ObjectNode chosen = MAPPER.createObjectNode().put("@type", "chosen").put("cluster", "../" + ID);
        assertUnreadable(MAPPER.writeValueAsBytes(chosen));
        for (long round : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            ObjectNode prepare = MAPPER.createObjectNode().put("@type", "prepare");
            prepare.putObject("ballot").put("round", round).put("by", "A");
            assertUnreadable(MAPPER.writeValueAsBytes(prepare));
        }
        ObjectNode hello = (ObjectNode) MAPPER.readTree(
                CODEC.encode(new NodeMessage.Hello(B, ID, "127.0.0.1:7000", Optional.empty(), Map.of())));
        assertUnreadable(MAPPER.writeValueAsBytes(hello.deepCopy().put("process", "\n")));
        assertUnreadable(MAPPER.writeValueAsBytes(hello.deepCopy().put("from", "bad id!")));
        ObjectNode seat = (ObjectNode) MAPPER.readTree(CODEC.encode(new NodeMessage.Seat("127.0.0.1:7001", 1)));
        for (String address : List.of("", "A", "127.0.0.1", "127.0.0.1:70000", "pekko://x@[::1", "a:1/user", "a@b:1")) {
            assertUnreadable(MAPPER.writeValueAsBytes(seat.deepCopy().put("address", address)));
        }
        assertUnreadable(MAPPER.writeValueAsBytes(seat.deepCopy().put("members", -1)));
        ObjectNode terms = hello.deepCopy();
        IntStream.range(0, 1_000).forEach(i -> ((ObjectNode) terms.get("terms")).put("t" + i, "x"));
        assertUnreadable(MAPPER.writeValueAsBytes(terms));
    }

    private static void assertUnreadable(byte[] bytes) {
        assertThrows(IllegalArgumentException.class, () -> CODEC.decode(bytes));
    }
}
