package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.model.CounterLimits;
import org.junit.jupiter.api.Test;

class FreshNumbersTest {
    @Test
    void eachIsAboveAllThatWereGivenOrAreKnownToBeUsed() {
        FreshNumbers numbers = new FreshNumbers();
        assertEquals(0, numbers.last());
        assertEquals(1, numbers.next());
        assertEquals(2, numbers.peek());
        assertEquals(2, numbers.next());
        numbers.used(7);
        numbers.used(3);
        assertEquals(7, numbers.last());
        assertEquals(8, numbers.next());
    }

    /** What the journal gives back is used, in whatever order it comes. */
    @Test
    void aNewLifeGoesOnAboveWhatTheJournalRemembers() {
        FreshNumbers earlier = new FreshNumbers();
        FreshNumbers later = new FreshNumbers();
        long first = earlier.next();
        long second = earlier.next();
        later.used(second);
        later.used(first);
        assertEquals(3, later.next());
        assertEquals(42, new FreshNumbers(41).next());
    }

    @Test
    void thereIsAnEnd() {
        FreshNumbers numbers = new FreshNumbers(CounterLimits.MOST);
        assertThrows(CounterLimits.End.class, numbers::next);
        assertThrows(CounterLimits.End.class, numbers::peek);
        assertEquals(CounterLimits.MOST, numbers.last());
    }
}
