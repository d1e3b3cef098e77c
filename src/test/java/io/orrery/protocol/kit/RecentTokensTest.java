package io.orrery.protocol.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class RecentTokensTest {
    private final RecentTokens<Integer> tokens = new RecentTokens<>();

    @Test
    void theLatestEightAreFoundByTheirText() {
        for (int i = 1; i <= 20; i++) {
            tokens.add("token " + i, i);
        }
        for (int i = 1; i <= 12; i++) {
            assertNull(tokens.find("token " + i));
        }
        for (int i = 13; i <= 20; i++) {
            assertEquals(i, tokens.find("token " + i));
        }
    }

    @Test
    void atFirstNoneIsFound() {
        assertNull(tokens.find(""));
        tokens.add("A:1", 1);
        assertEquals(1, tokens.find("A:1"));
        assertNull(tokens.find("A:2"));
    }
}
