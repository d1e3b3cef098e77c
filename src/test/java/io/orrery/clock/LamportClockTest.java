package io.orrery.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.CounterLimits;
import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978. */
class LamportClockTest {
    /** "IR1. Each process Pi increments Ci between any two successive events." */
    @Test
    void ir1_eachLocalEventHasALaterTimeThanTheOneBefore() {
        LamportClock clock = new LamportClock();
        assertEquals(0, clock.time(), "time 0 is before every event");
        assertEquals(1, clock.tick());
        assertEquals(2, clock.tick());
        assertEquals(2, clock.time());
    }

    /**
     * "IR2. (b) Upon receiving a message m, process Pj sets Cj greater than or equal to its present value and greater
     * than Tm."
     */
    @Test
    void ir2_theReceiptOfAMessageIsLaterThanItsTimestampAndThanAllBefore() {
        LamportClock clock = new LamportClock();
        assertEquals(8, clock.receive(7), "from behind, it jumps past the timestamp");
        assertEquals(9, clock.receive(3), "from ahead, it is one more event");
        assertEquals(10, clock.receive(9), "a timestamp equal to the clock is passed too");
    }

    @Test
    void afterACrashTheClockGoesOnFromAtLeastWhatIsRemembered() {
        LamportClock clock = new LamportClock();
        clock.recover(5);
        clock.recover(3);
        assertEquals(5, clock.time(), "finding an older time again takes nothing back");
        assertEquals(6, clock.tick());
        assertEquals("6", clock.toString());
    }

    /** No overflow: what comes is refused, and what would be given out is not. */
    @Test
    void theClockCountsToItsEndAndNeverBeyond() {
        LamportClock clock = new LamportClock();
        for (long timestamp : new long[] {-1, Long.MIN_VALUE, CounterLimits.MOST + 1, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> clock.receive(timestamp));
            assertThrows(IllegalArgumentException.class, () -> clock.recover(timestamp));
        }
        assertEquals(0, clock.time(), "nothing of it is kept");
        clock.recover(CounterLimits.MOST - 1);
        assertEquals(CounterLimits.MOST, clock.tick());
        assertThrows(CounterLimits.End.class, clock::tick);
        assertEquals(CounterLimits.MOST, clock.receive(CounterLimits.MOST));
        assertEquals(CounterLimits.MOST, clock.time());
    }

    private record Event(int process, long time, BitSet past) {}

    private record Sent(int event, long timestamp) {}

    /**
     * The paper's Clock Condition: "For any events a, b: if a → b then C(a) < C(b)." Happened-before is computed by a
     * dumb twin: each event keeps the whole set of events in its past.
     */
    @Test
    void theClockConditionHoldsInRandomHistories() {
        for (int seed = 0; seed < 300; seed++) {
            SeededRandom random = new SeededRandom(seed);
            LamportClock[] clocks = {new LamportClock(), new LamportClock(), new LamportClock(), new LamportClock()};
            BitSet[] pasts = {new BitSet(), new BitSet(), new BitSet(), new BitSet()};
            List<Event> events = new ArrayList<>();
            List<Sent> underWay = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                int process = random.nextInt(clocks.length);
                long time;
                if (!underWay.isEmpty() && random.nextInt(2) == 0) {
                    // A message may be received again: it stays under way at times.
                    int at = random.nextInt(underWay.size());
                    Sent message = random.nextInt(4) == 0 ? underWay.get(at) : underWay.remove(at);
                    time = clocks[process].receive(message.timestamp());
                    pasts[process].or(events.get(message.event()).past());
                    pasts[process].set(message.event());
                } else {
                    time = clocks[process].tick();
                    if (random.nextInt(2) == 0) {
                        underWay.add(new Sent(events.size(), time));
                    }
                }
                events.add(new Event(process, time, (BitSet) pasts[process].clone()));
                pasts[process].set(events.size() - 1);
            }
            for (Event event : events) {
                event.past().stream()
                        .forEach(before -> assertTrue(events.get(before).time() < event.time(), "a → b"));
            }
        }
    }
}
