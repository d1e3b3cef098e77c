package io.orrery.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayTest {
    private static final int DRAWS = 100_000;

    @ParameterizedTest
    @ValueSource(strings = {"0s", "3s", "1.5ms", "1ms..5ms", "0s..0s", "exponential(20ms)", "normal(20ms, 5ms)", "1ns"})
    void aDelayIsWrittenAsItIsRead(String text) {
        assertEquals(text, Delay.parse(text).toString());
        assertEquals(Delay.parse(text), Delay.parse(Delay.parse(text).toString()));
    }

    @Test
    void theSameDelayCanBeWrittenInOtherWords() {
        assertSame(Delay.NONE, Delay.parse("0"));
        assertSame(Delay.NONE, Delay.parse(" 0ms "));
        assertEquals(Delay.parse("1ms..5ms"), Delay.parse(" 1 ms .. 5 ms "));
        assertEquals(Delay.parse("1ms..5ms"), Delay.parse("uniform(1ms,5ms)"));
        assertEquals(Delay.parse("normal(20ms, 5ms)"), Delay.parse("normal( 20ms ,5ms )"));
        assertEquals(new Delay.Fixed(Duration.ofSeconds(60)), Delay.parse("1m"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "3",
                "-1s",
                "..",
                "1ms..",
                "..5ms",
                "1ms...5ms",
                "exponential()",
                "exponential(1s",
                "normal(20ms, -5ms)"
            })
    void whatIsNoDelayIsRefused(String text) {
        String message = messageFor(text);
        assertTrue(message.contains("time"), message);
    }

    @Test
    void theErrorSaysHowADelayIsWritten() {
        for (String text : List.of("normal(20ms)", "exponential(1ms, 2ms)", "uniform(1ms)")) {
            assertEquals(
                    "a delay is 3s, 1ms..5ms, exponential(20ms) or normal(20ms, 5ms), not \"" + text + "\"",
                    messageFor(text));
        }
        assertEquals("a time here is 0 or more, not -1s", messageFor("-1s"));
        assertTrue(messageFor("5ms..1ms").startsWith("the lower bound of a delay, "), messageFor("5ms..1ms"));
        assertThrows(IllegalArgumentException.class, () -> new Delay.Fixed(Duration.ofNanos(-1)));
    }

    @Test
    void aDistributionThatThereIsNotIsNamedWithWhatWasMeant() {
        assertEquals(
                "there is no delay \"exponental(…)\"; did you mean \"exponential\"?", messageFor("exponental(20ms)"));
        assertEquals("there is no delay \"Normal(…)\"; did you mean \"normal\"?", messageFor("Normal(1ms, 1ms)"));
        assertEquals(
                "there is no delay \"pareto(…)\"; there are: exponential, normal, uniform", messageFor("pareto(1ms)"));
    }

    @Test
    void aFixedDelayIsAlwaysTheSame() {
        assertEquals(
                3_000_000_000L, samples("3s").distinct().reduce((a, b) -> -1).orElseThrow());
    }

    @Test
    void aUniformDelayIsAnythingBetweenItsBoundsBothIncluded() {
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                samples("1ns..4ns").distinct().sorted().boxed().toList());
        assertEquals(3_000_000, samples("1ms..5ms").average().orElseThrow(), 20_000);
        assertEquals(7, samples("7ns..7ns").distinct().sum());
    }

    @Test
    void anExponentialDelayIsShortMostlyAndHasItsMean() {
        assertEquals(20_000_000, samples("exponential(20ms)").average().orElseThrow(), 400_000);
        long belowTheMean =
                samples("exponential(20ms)").filter(nanos -> nanos < 20_000_000).count();
        assertEquals(1 - Math.exp(-1), belowTheMean / (double) DRAWS, 0.01);
    }

    @Test
    void aNormalDelayHasItsMeanAndDeviation() {
        assertEquals(20_000_000, samples("normal(20ms, 5ms)").average().orElseThrow(), 100_000);
        double variance = samples("normal(20ms, 5ms)")
                .mapToDouble(nanos -> Math.pow(nanos - 20_000_000.0, 2))
                .average()
                .orElseThrow();
        assertEquals(5_000_000, Math.sqrt(variance), 100_000);
    }

    @Test
    void noMessageArrivesBeforeItWasSent() {
        for (String text :
                List.of("normal(1ms, 5ms)", "exponential(0s)", "0s..9223372036854775807ns", "exponential(2000000h)")) {
            assertTrue(samples(text).allMatch(nanos -> nanos >= 0), text);
        }
        long clipped = samples("normal(0s, 5ms)").filter(nanos -> nanos == 0).count();
        assertEquals(0.5, clipped / (double) DRAWS, 0.01, "what the bell would put below 0 is 0");
    }

    @Test
    @Timeout(10)
    void aTextOfAMegabyteIsNoDelay() {
        for (String text : List.of(
                "1".repeat(1 << 20) + "s", "a".repeat(1 << 20) + "(1s)", "normal(" + ",".repeat(1 << 20) + ")")) {
            assertEquals(
                    "a delay is 3s, 1ms..5ms, exponential(20ms) or normal(20ms, 5ms), and not a text of "
                            + text.length() + " letters",
                    messageFor(text));
        }
    }

    private static LongStream samples(String text) {
        SeededRandom random = new SeededRandom(9);
        Delay delay = Delay.parse(text);
        return LongStream.generate(() -> delay.sampleNanos(random)).limit(DRAWS);
    }

    private static String messageFor(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Delay.parse(text))
                .getMessage();
    }
}
