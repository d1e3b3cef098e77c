package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.protocol.kit.CatchUp.Late;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final Duration FIRST = Duration.ofMillis(100);

    private final CatchUp catchUp = new CatchUp(FIRST, Duration.ofSeconds(10), 2);

    private void isLate(NodeId peer) {
        catchUp.asks(peer);
        catchUp.isLate(null);
    }

    @Test
    void onePeerIsAskedAtATime() {
        assertFalse(catchUp.isUnderWay());
        assertEquals(FIRST, catchUp.asks(A));
        assertTrue(catchUp.isUnderWay());
        catchUp.asks(B);
        assertTrue(catchUp.hasAsked(B));
        assertFalse(catchUp.hasAsked(A));
        catchUp.answered(B);
        assertFalse(catchUp.isUnderWay());
        assertEquals(Late.NOTHING, catchUp.isLate(null));
    }

    @Test
    void aPeerThatDoesNotAnswerIsLeftAndWaitedForLongerTheNextTime() {
        catchUp.asks(A);
        assertEquals(Late.GIVE_UP, catchUp.isLate(null));
        assertFalse(catchUp.isUnderWay());
        assertTrue(catchUp.isSlow(A));
        assertFalse(catchUp.isSlow(B));
        assertEquals(FIRST.multipliedBy(2), catchUp.asks(A));
        assertTrue(catchUp.isHeldUp());
        catchUp.answered(A);
        assertEquals(FIRST, catchUp.asks(A));
    }

    @Test
    void theRestOfAnAnswerIsAskedForAFewTimesBeforeThePeerIsLeft() {
        for (Late expected : new Late[] {Late.ASK_AGAIN, Late.ASK_AGAIN, Late.GIVE_UP}) {
            catchUp.asks(A);
            assertEquals(expected, catchUp.isLate(A));
        }
        catchUp.asks(A);
        assertEquals(Late.ASK_AGAIN, catchUp.isLate(A), "and the count begins anew");
    }

    @Test
    void anAnswerThatWasAskedForAgainMakesNobodyQuick() {
        catchUp.asks(A);
        catchUp.isLate(A);
        catchUp.asks(A);
        catchUp.answered(A);
        assertTrue(catchUp.isSlow(A));
    }

    @Test
    void aSlowPeerThatShowsThatItIsThereIsAskedAgainOnce() {
        assertFalse(catchUp.isToBePrompted(A), "it has not been asked");
        isLate(A);
        catchUp.asks(A);
        assertFalse(catchUp.isToBePrompted(B));
        assertTrue(catchUp.isToBePrompted(A));
        catchUp.asks(A);
        assertFalse(catchUp.isToBePrompted(A));
        catchUp.isLate(null);
        catchUp.asks(A);
        assertTrue(catchUp.isToBePrompted(A));
    }

    @Test
    void whoIsInTouchAgainIsWaitedForAsLongAsAtFirst() {
        isLate(A);
        catchUp.asks(A);
        assertTrue(catchUp.isInTouchWith(A));
        assertFalse(catchUp.isSlow(A));
        assertEquals(FIRST, catchUp.patienceWith(A));
        assertFalse(catchUp.isInTouchWith(B));
    }
}
