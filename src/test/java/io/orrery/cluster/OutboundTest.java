package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.Credible;
import io.orrery.protocol.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is under way to another node and what waits for it, in bytes. */
class OutboundTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final int SIZE = 64 << 10;
    private static final int WINDOW = Outbound.WINDOW / SIZE;
    private static final int WAITING = Outbound.MOST_WAITING / SIZE;

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(testKit.system());
    private final List<Wire> arrived = new ArrayList<>();
    private final ActorRef<Wire> courier = DirectRef.create(testKit.system(), message -> arrived.add((Wire) message));
    /** On the thread of who tells it something: when that returns, all has happened. */
    private final ActorRef<Outbound.Command> outbound = testKit.spawn(
            Outbound.create(A, B, courier, new Codec<>(Message.class, List.of(Text.class))),
            DispatcherSelector.fromConfig("pekko.test.calling-thread-dispatcher"));

    private final List<Long> marks = new ArrayList<>();

    /** A message that is as large as its text. */
    @JsonTypeName("text")
    record Text(String text) implements Message {
        @Override
        public String kind() {
            return "text";
        }

        @Override
        public void check(NodeId by, Credible credible) {}

        @Override
        public Optional<Key> key() {
            return Optional.empty();
        }
    }

    @AfterEach
    void end() {
        testKit.shutdownTestKit();
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            outbound.tell(new Outbound.Send(new Text("x".repeat(SIZE))));
        }
    }

    /** How many messages have arrived since this was last asked. */
    private int carried() {
        int carried = 0;
        for (Wire wire : arrived) {
            if (wire instanceof Wire.Mark mark) {
                marks.add(mark.sent());
            } else {
                carried += ((Wire.Carried) wire).messages().size();
            }
        }
        arrived.clear();
        return carried;
    }

    @Test
    void messagesComeInOrderAsTheyAreSent() {
        Codec<Message> codec = new Codec<>(Message.class, List.of(Text.class));
        for (String text : List.of("one", "two", "three")) {
            outbound.tell(new Outbound.Send(new Text(text)));
            Wire.Carried carried = (Wire.Carried) arrived.remove(0);
            assertEquals(A, carried.from());
            assertEquals(B, carried.to());
            assertEquals(new Text(text), codec.decode(carried.messages().get(0)));
        }
    }

    @Test
    void aMessageThatCannotBeEncodedIsLostAndNoOtherIs() {
        String halfASurrogatePair = "\ud800";
        for (String text : List.of("one", halfASurrogatePair, halfASurrogatePair, "two")) {
            outbound.tell(new Outbound.Send(new Text(text)));
        }
        assertEquals(2, carried());
    }

    @Test
    void noMoreThanTheWindowIsUnderWay() {
        send(4 * WINDOW);
        int first = carried();
        assertTrue(first <= WINDOW + 1 && first >= WINDOW - 1, "under way: " + first);

        outbound.tell(new Outbound.Confirmed(marks.get(0)));
        int second = carried();
        assertTrue(second >= 1 && second <= WINDOW / 2, "room for as much as has arrived: " + second);
    }

    /** The transport drops what comes when it has 3,072 messages: small ones wait here. */
    @Test
    void noMoreSmallMessagesAreUnderWayThanTheTransportHasRoomFor() {
        int all = 20_000;
        for (int i = 0; i < all; i++) {
            outbound.tell(new Outbound.Send(new Text("small")));
        }
        int carried = carried();
        assertTrue(carried > 1_500 && carried + marks.size() < 3_000, "under way: " + carried);
        while (!marks.isEmpty()) {
            long last = marks.get(marks.size() - 1);
            marks.clear();
            outbound.tell(new Outbound.Confirmed(last));
            carried += carried();
        }
        assertEquals(all, carried, "none is lost");
    }

    @Test
    void whatWaitsIsBoundedAndTheRestIsDropped() {
        send(2 * (WINDOW + WAITING));
        int all = carried();
        while (!marks.isEmpty()) {
            long last = marks.get(marks.size() - 1);
            marks.clear();
            outbound.tell(new Outbound.Confirmed(last));
            all += carried();
        }
        assertTrue(all <= WINDOW + WAITING + 1 && all >= WINDOW + WAITING - 2, "sent in the end: " + all);
    }

    @Test
    void aMarkThatIsLostIsSentAgain() {
        send(2 * WINDOW);
        carried();
        int before = marks.size();
        time.timePasses(Duration.ofSeconds(1));
        carried();
        assertEquals(before + 1, marks.size());

        outbound.tell(new Outbound.Confirmed(marks.get(before)));
        assertTrue(carried() >= WINDOW - 1, "all that was sent before has arrived or is lost");
    }
}
