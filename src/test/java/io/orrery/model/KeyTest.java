package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.network.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key is 1 to 1,024 bytes of UTF-8. */
class KeyTest {
    /** One character of each length in UTF-8; the last is two UTF-16 units. */
    private static final List<String> CHARACTERS = List.of("k", "é", "€", "😀");

    @ParameterizedTest
    @CsvSource({"k, 1024", "é, 512", "😀, 256"})
    void aKeyOfExactly1024BytesIsTakenAndOneByteMoreIsNot(String character, int times) {
        String longest = character.repeat(times);
        assertEquals(longest, Key.of(longest).name());
        assertEquals(
                "a key is at most 1024 bytes of UTF-8, and this one has 1025",
                assertThrows(IllegalArgumentException.class, () -> Key.of(longest + "k"))
                        .getMessage());
    }

    @Test
    void theLimitCountsBytesForEveryMixOfCharacters() {
        SeededRandom random = new SeededRandom(1);
        int taken = 0;
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            int characters = 200 + random.nextInt(400);
            for (int i = 0; i < characters; i++) {
                text.append(CHARACTERS.get(random.nextInt(CHARACTERS.size())));
            }
            String name = text.toString();
            if (name.getBytes(StandardCharsets.UTF_8).length <= 1024) {
                assertEquals(name, Key.of(name).name());
                taken++;
            } else {
                assertThrows(IllegalArgumentException.class, () -> Key.of(name));
            }
        }
        assertTrue(taken > 200 && taken < 1_800, "both sides of the limit are met: " + taken);
    }

    @Test
    void anEmptyKeyIsRefused() {
        assertEquals(
                "a key may not be empty",
                assertThrows(IllegalArgumentException.class, () -> Key.of("")).getMessage());
        assertThrows(NullPointerException.class, () -> Key.of(null));
    }

    @Test
    void halfASurrogatePairHasNoUtf8AndIsRefused() {
        char high = "😀".charAt(0);
        char low = "😀".charAt(1);
        for (String half : List.of("" + high, "" + low, "a" + high + "b", "" + low + high)) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Key.of(half))
                    .getMessage()
                    .contains("unpaired surrogate"));
        }
    }

    @Test
    void spacesSlashesAndQuotesAreKeysLikeAnyOther() {
        for (String name : List.of(" ", "/", "a/b?c=d", "\"", "\n", "\u0000")) {
            assertEquals(name, Key.of(name).name());
        }
    }

    @Test
    void aKeyIsShownByLettersAlone() {
        assertEquals("a/b é", Key.of("a/b é").toString());
        assertEquals("a\\u000a\\u001b[2J\\u202e", Key.of("a\n\u001b[2J\u202e").toString());
    }

    @Test
    void keysAreOrderedAsText() {
        assertTrue(Key.of("a").compareTo(Key.of("b")) < 0);
        assertTrue(Key.of("a").compareTo(Key.of("aa")) < 0);
        assertTrue(Key.of("Z").compareTo(Key.of("a")) < 0);
        assertEquals(0, Key.of("é").compareTo(Key.of("é")));
    }
}
