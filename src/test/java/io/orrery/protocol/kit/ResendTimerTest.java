package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResendTimerTest {
    private final List<Long> set = new ArrayList<>();
    private final ResendTimer timer =
            new ResendTimer(new Backoff(Duration.ofMillis(10), Duration.ofMillis(50)), it -> set.add(it.toMillis()));

    @Test
    void itIsSetOnceUntilItRunsOut() {
        assertTrue(timer.start());
        assertFalse(timer.start());
        timer.ranOut(false);
        assertTrue(timer.start());
        assertEquals(List.of(10L, 20L), set);
    }

    @Test
    void itWaitsLongerWhileNobodyAnswersAndBeginsAnewWhenSomebodyDoes() {
        for (int i = 0; i < 4; i++) {
            timer.start();
            timer.ranOut(false);
        }
        timer.start();
        timer.answered();
        timer.ranOut(false);
        timer.start();
        assertEquals(List.of(10L, 20L, 40L, 40L, 40L, 10L), set);
    }

    @Test
    void itIsSilentWhenATurnHasPassedWithoutAnyAnswer() {
        timer.start();
        assertFalse(timer.isSilent(), "the answer may be under way");
        timer.ranOut(false);
        assertTrue(timer.isSilent());
        timer.answered();
        assertFalse(timer.isSilent());
    }

    @Test
    void whereNothingIsOpenItBeginsAnew() {
        timer.start();
        timer.ranOut(false);
        timer.start();
        timer.ranOut(true);
        timer.start();
        timer.reset();
        assertTrue(timer.start(), "the other end is back, so it is set anew");
        assertEquals(List.of(10L, 20L, 10L, 10L), set);
    }
}
