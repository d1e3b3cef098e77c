package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one reader of the events is sent, and how much of it at once. */
@Timeout(60)
class EventStreamTest {
    private static final ActorSystem<Void> SYSTEM = ActorSystem.create(Behaviors.empty(), "events");
    private static final int LARGE = 1 << 20;
    /** In bytes: each letter of a part takes three at the most. */
    private static final int MOST_OF_A_PART = 32 << 10;

    private final EventLog log = new EventLog(100, 2 * LARGE);

    private record Changed(Key key, Optional<Value> value, Version version) implements Update {}

    @AfterAll
    static void stop() {
        SYSTEM.terminate();
    }

    private void add(String key, Optional<Value> value) {
        log.add(new Changed(Key.of(key), value, Version.of(log.last() + 1, "A")));
    }

    private SinkQueueWithCancel<ByteString> read() {
        SinkQueueWithCancel<ByteString> reader =
                Source.fromGraph(new EventStream(NodeId.of("A"), "run", log, 0)).runWith(Sink.queue(1), SYSTEM);
        assertEquals("id: run-0\n\n", next(reader).orElseThrow());
        return reader;
    }

    private static Optional<String> next(SinkQueueWithCancel<ByteString> reader) {
        return reader.pull().toCompletableFuture().join().map(part -> {
            assertTrue(part.size() <= MOST_OF_A_PART, () -> "a part of " + part.size() + " bytes");
            return part.utf8String();
        });
    }

    /** All up to the end of an event with this number. */
    private static String upTo(long number, SinkQueueWithCancel<ByteString> reader) {
        StringBuilder text = new StringBuilder();
        while (!(text.indexOf("id: run-" + number) >= 0
                && text.indexOf("\n\n", text.indexOf("id: run-" + number)) >= 0)) {
            text.append(next(reader).orElseThrow());
        }
        return text.toString();
    }

    @Test
    void aLargeEventComesWholeInSmallParts() {
        // Pairs of surrogates at odd and at even places, so that a part would end within one.
        Value large =
                Value.of("\ud83e\ude90".repeat(LARGE / 4) + "x" + "\ud83e\ude90".repeat(LARGE / 8) + " \u00e9 \n");
        add("a \"b\"", Optional.of(large));
        add("gone", Optional.empty());
        assertEquals(
                "id: run-1\ndata: {\"key\":\"a \\\"b\\\"\",\"value\":" + large
                        + ",\"version\":\"1@A\",\"node\":\"A\"}\n\n"
                        + "id: run-2\ndata: {\"key\":\"gone\",\"deleted\":true,\"version\":\"2@A\",\"node\":\"A\"}\n\n",
                upTo(2, read()));
    }

    @Test
    void manySmallEventsGoTogether() {
        for (int i = 0; i < 100; i++) {
            add("k" + i, Optional.of(Value.of(i)));
        }
        String first = next(read()).orElseThrow();
        assertTrue(first.contains("id: run-1\n") && first.contains("id: run-50\n"), first);
    }

    @Test
    void theStreamEndsWhereAnEventThatIsHalfSentGivesWay() {
        add("slow", Optional.of(Value.of("x".repeat(LARGE))));
        SinkQueueWithCancel<ByteString> reader = read();
        next(reader);
        for (int i = 0; i < 3; i++) {
            add("k" + i, Optional.of(Value.of("y".repeat(LARGE))));
        }
        StringBuilder rest = new StringBuilder();
        for (Optional<String> part = next(reader); part.isPresent(); part = next(reader)) {
            rest.append(part.get());
        }
        assertFalse(rest.toString().contains("\n\n"), "an event that is not whole does not end");
        assertTrue(rest.length() < LARGE / 2, "at once");
    }
}
