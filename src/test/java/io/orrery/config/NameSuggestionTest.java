package io.orrery.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NameSuggestionTest {
    private static final List<String> KNOWN = List.of("from", "to", "delay", "duplicate");

    private static Optional<String> nearest(String name) {
        return NameSuggestion.nearest(name, KNOWN);
    }

    @Test
    void theNearestIsMeant() {
        assertEquals(Optional.of("from"), nearest("form"), "letters that are swapped count as one");
        assertEquals(Optional.of("delay"), nearest("Dely"));
        assertEquals(Optional.of("duplicate"), nearest("duplicates"));
        assertEquals(Optional.of("duplicate"), nearest("dupliactes"));
        assertEquals(Optional.of("to"), nearest("t"));
    }

    @Test
    void whatIsFarFromAllIsNotGuessed() {
        assertEquals(Optional.empty(), nearest("colour"));
        assertEquals(Optional.empty(), nearest("delaydelay"));
    }

    /** The matrix of a stranger's name would have millions of rows. */
    @Test
    @Timeout(10)
    void aLongNameCostsNoMoreThanReadingIt() {
        assertEquals(Optional.empty(), nearest("a".repeat(20 << 20)));
    }
}
