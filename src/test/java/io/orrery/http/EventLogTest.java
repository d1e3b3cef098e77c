package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What readers of the events can catch up with. */
class EventLogTest {
    private static final long MUCH = Long.MAX_VALUE;
    private static final long ROOM = 1 << 20;

    private final EventLog log = new EventLog(3, ROOM);

    private record Changed(Key key, Optional<Value> value, Version version) implements Update {}

    private static Update update(int number, int length) {
        return new Changed(Key.of("k"), Optional.of(Value.of("x".repeat(length))), Version.of(number, "A"));
    }

    private void add(int first, int last, int length) {
        for (int number = first; number <= last; number++) {
            log.add(update(number, length));
        }
    }

    private static List<Long> counters(EventLog.Batch batch) {
        return batch.events().stream()
                .map(event -> event.update().version().counter())
                .toList();
    }

    @Test
    void aReaderGetsWhatCameAfterItsPlace() {
        add(1, 3, 1);
        assertEquals(List.of(1L, 2L, 3L), counters(log.after(0, 10, MUCH)));
        assertEquals(List.of(3L), counters(log.after(2, 10, MUCH)));
        assertEquals(List.of(), counters(log.after(3, 10, MUCH)));
    }

    @Test
    void oldEventsGiveWayAndTheReaderIsTold() {
        add(1, 8, 1);
        EventLog.Batch batch = log.after(2, 10, MUCH);
        assertEquals(3, batch.missed());
        assertEquals(List.of(6L, 7L, 8L), counters(batch));
    }

    @Test
    void aBatchIsBoundedByNumberAndByBytes() {
        add(1, 3, 100);
        assertEquals(List.of(1L, 2L), counters(log.after(0, 2, MUCH)));
        assertEquals(List.of(1L, 2L), counters(log.after(0, 10, 150)));
        assertEquals(List.of(1L), counters(log.after(0, 10, 1)), "one comes in any case");
    }

    @Test
    void largeEventsGiveWaySooner() {
        int large = (int) ROOM / 2;
        add(1, 3, large);
        EventLog.Batch batch = log.after(0, 10, MUCH);
        assertTrue(batch.missed() >= 1, "missed " + batch.missed());
        assertEquals(3L, counters(batch).get(counters(batch).size() - 1));

        add(4, 6, 1);
        assertEquals(List.of(4L, 5L, 6L), counters(log.after(0, 10, MUCH)), "small ones have the room of three again");
    }
}
