package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.network.SeededRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "1ns, 1",
        "1us, 1000",
        "1µs, 1000",
        "500ms, 500000000",
        "1.5s, 1500000000",
        "3 s, 3000000000",
        "' 3s ', 3000000000",
        "2m, 120000000000",
        "1h, 3600000000000",
        "0, 0",
        "00, 0",
        "0s, 0",
        "-0s, 0",
        "0.0000000005s, 1",
        "0.4ns, 0",
        "9223372036854775807ns, 9223372036854775807",
    })
    void aTimeIsANumberAndAUnit(String text, long nanos) {
        assertEquals(Duration.ofNanos(nanos), Durations.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "999, 999ns",
        "1000, 1us",
        "1001, 1.001us",
        "20000000, 20ms",
        "1500000000, 1.5s",
        "1234000000, 1.234s",
        "1234500000, 1234.5ms",
        "60000000000, 60s",
        "1000000000000000000, 1000000000s",
        "1000000001, 1000000.001us",
        "-1500000000, -1.5s",
    })
    void aTimeIsWrittenExactlyInTheLargestUnitThatNeedsNoMoreThanThreeDecimals(long nanos, String text) {
        assertEquals(text, Durations.format(Duration.ofNanos(nanos)));
    }

    @Test
    void whatIsWrittenIsReadAsTheSameTime() {
        SeededRandom random = new SeededRandom(4);
        for (int round = 0; round < 20_000; round++) {
            // All magnitudes, and round numbers among them.
            long nanos = random.nextLong() >>> 1 + random.nextInt(62);
            for (int zeros = random.nextInt(10); zeros > 0; zeros--) {
                nanos -= nanos % (long) Math.pow(10, zeros);
            }
            Duration duration = Duration.ofNanos(nanos);
            assertEquals(duration, Durations.parse(Durations.format(duration)), () -> duration.toString());
        }
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        assertEquals(longest, Durations.parse(Durations.format(longest)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "s", "3", "three seconds", "1,5s", "1.s", ".5s", "+1s", "1e3s", "3s 4ms", "3s4ms", "NaNs"})
    void whatIsNotANumberAndAUnitIsRefused(String text) {
        assertEquals(
                "a time is a number and a unit, such as 500ms or 3s, not \"" + text + "\"",
                messageFor(text),
                "for \"" + text + "\"");
    }

    @Test
    void theErrorSaysWhatIsWrong() {
        assertEquals(
                "there is no unit \"days\" of time in \"3 days\"; there are ns, us, ms, s, m, h", messageFor("3 days"));
        assertEquals("a time here is 0 or more, not -1s", messageFor("-1s"));
        assertEquals("too long a time: 9223372036854775808ns", messageFor("9223372036854775808ns"));
        assertEquals("too long a time: 9999999999h", messageFor("9999999999h"));
    }

    @Test
    @Timeout(10)
    void aTimeOfMillionsOfDigitsIsNotWorkedOut() {
        assertEquals(
                "a time has at most 64 letters, such as 500ms or 3s, and not 5000001",
                messageFor("1".repeat(5_000_000) + "s"));
        assertEquals(Duration.ofMillis(500), Durations.parse("0".repeat(59) + "500ms"));
    }

    private static String messageFor(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Durations.parse(text))
                .getMessage();
    }
}
