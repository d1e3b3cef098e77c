package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UnansweredRequestsTest {
    private final UnansweredRequests<String> requests = new UnansweredRequests<>(String::length);

    @Test
    void anAnswerThatComesTwiceFindsNothing() {
        long number = requests.add("a");
        assertEquals("a", requests.remove(number));
        assertNull(requests.remove(number));
        assertTrue(requests.isEmpty());
    }

    @Test
    void itCountsWhatIsOpen() {
        requests.add("four");
        requests.add("nine long");
        assertEquals(13, requests.bytes());
        requests.removeIf("four"::equals);
        assertEquals(9, requests.bytes());
        requests.remove(2);
        requests.remove(2);
        assertEquals(0, requests.bytes());
    }

    @Test
    void theWindowReachesFromTheOldestToTheNext() {
        assertEquals(0, requests.window());
        assertEquals(1, requests.oldest());
        requests.add("a");
        requests.add("b");
        requests.add("c");
        requests.remove(1);
        requests.remove(3);
        assertEquals(2, requests.oldest());
        assertEquals(2, requests.window());
        requests.remove(2);
        assertEquals(4, requests.oldest());
        assertEquals(0, requests.window());
    }

    @Test
    void onlyWhatWasSentBeforeTheMarkIsToBeSentAgain() {
        requests.add("a");
        requests.add("b");
        requests.mark();
        requests.add("c");
        requests.remove(1);
        assertEquals(Map.of(2L, "b"), requests.beforeMark());
        assertEquals(Map.of(2L, "b", 3L, "c"), requests.open());
    }

    @Test
    void aNewLifeGoesOnWithWhatAnEarlierOneHadOpenAndUsesNoNumberAgain() {
        requests.restore(5, "a");
        requests.restore(5, "longer");
        requests.used(8);
        assertEquals(6, requests.bytes());
        assertEquals(9, requests.next());
        assertEquals(9, requests.add("b"));
        assertEquals(5, requests.oldest());
    }

    @Test
    void whatIsOpenIsToBeReadOnly() {
        requests.add("a");
        assertThrows(UnsupportedOperationException.class, () -> requests.open().clear());
        requests.mark();
        assertThrows(
                UnsupportedOperationException.class, () -> requests.beforeMark().clear());
    }
}
