package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParseCacheTest {
    private final List<String> asked = new ArrayList<>();
    private final ParseCache<Origin> parseCache = new ParseCache<>(text -> {
        asked.add(text);
        return new Origin(NodeId.of(text), 1);
    });

    @Test
    void aTextIsParsedOnce() {
        assertSame(parseCache.get("A"), parseCache.get("A"));
        assertEquals(List.of("A"), asked);
    }

    /** "Aa" and "BB" have the same hash code. */
    @Test
    void textsForOnePlaceAreNotTakenForEachOther() {
        assertEquals("Aa~1", parseCache.get("Aa").toString());
        assertEquals("BB~1", parseCache.get("BB").toString());
        assertEquals("Aa~1", parseCache.get("Aa").toString());
    }

    @Test
    void whatCannotBeParsedIsRefusedEachTime() {
        assertThrows(IllegalArgumentException.class, () -> parseCache.get("a b"));
        assertThrows(IllegalArgumentException.class, () -> parseCache.get("a b"));
        assertEquals(2, asked.size());
    }

    /** Such as {@code A~0…01}, which a stranger may send without end. */
    @Test
    void aLongTextIsNotKept() {
        String text = "A".repeat(1 << 20);
        ParseCache<String> lengths = new ParseCache<>(it -> {
            asked.add("it");
            return "fine";
        });
        assertEquals("fine", lengths.get(text));
        assertEquals("fine", lengths.get(text));
        assertEquals(2, asked.size());
    }
}
