package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianIsInTheMiddle() {
        assertEquals(new Spread(3, 1, 9), Spread.of(9, 1, 3));
        assertEquals(new Spread(4, 1, 9), Spread.of(9, 1, 3, 5));
        assertEquals(new Spread(7, 7, 7), Spread.of(7));
    }

    @Test
    void roundsStayInTheirOrder() {
        double[] rounds = {2, 1};
        Spread.of(rounds);
        assertArrayEquals(new double[] {2, 1}, rounds);
    }
}
