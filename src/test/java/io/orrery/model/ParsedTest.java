package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParsedTest {
    private final List<String> asked = new ArrayList<>();
    private final Parsed<Origin> parsed = new Parsed<>(text -> {
        asked.add(text);
        return new Origin(NodeId.of(text), 1);
    });

    @Test
    void aTextIsParsedOnce() {
        assertSame(parsed.get("A"), parsed.get("A"));
        assertEquals(List.of("A"), asked);
    }

    /** "Aa" and "BB" have the same hash code. */
    @Test
    void textsForOnePlaceAreNotTakenForEachOther() {
        assertEquals("Aa~1", parsed.get("Aa").toString());
        assertEquals("BB~1", parsed.get("BB").toString());
        assertEquals("Aa~1", parsed.get("Aa").toString());
    }

    @Test
    void whatCannotBeParsedIsRefusedEachTime() {
        assertThrows(IllegalArgumentException.class, () -> parsed.get("a b"));
        assertThrows(IllegalArgumentException.class, () -> parsed.get("a b"));
        assertEquals(2, asked.size());
    }

    /** Such as {@code A~0…01}, which a stranger may send without end. */
    @Test
    void aLongTextIsNotKept() {
        String text = "A".repeat(1 << 20);
        Parsed<String> lengths = new Parsed<>(it -> {
            asked.add("it");
            return "fine";
        });
        assertEquals("fine", lengths.get(text));
        assertEquals("fine", lengths.get(text));
        assertEquals(2, asked.size());
    }
}
