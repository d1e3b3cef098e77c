package io.orrery.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Steele, Lea and Flood, OOPSLA 2014. A change of any of these numbers breaks every recorded seed. */
class SeededRandomTest {
    /** The published test vector of SplitMix64 (Rosetta Code, "Pseudo-random numbers/Splitmix64"). */
    @Test
    void itIsSplitMix64() {
        SeededRandom random = new SeededRandom(1234567);
        for (String expected : new String[] {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        }) {
            assertEquals(expected, Long.toUnsignedString(random.nextLong()));
        }
        assertEquals(0xe220a8397b1dcdafL, new SeededRandom(0).nextLong());
    }

    @Test
    void theSequenceIsTheSameOnEveryJava() {
        SeededRandom random = SeededRandom.stream(42, "network/A");
        assertEquals(-1715282141642559508L, random.nextLong());
        assertEquals(212533, random.nextInt(1_000_000));
        assertEquals(463890644683L, random.nextLong(1L << 40));
        assertEquals(0.11219271962984911, random.nextDouble());
        assertEquals(0.45832942816989597, random.nextExponential());
        assertEquals(-1.3114547965213001, random.nextNormal());
        assertEquals(-0.28671544252669934, random.nextNormal());
        assertEquals(-234247975346132522L, random.nextLong());
    }

    @Test
    void eachUseAndEachSeedHasAStreamOfItsOwn() {
        Set<Long> firsts = new HashSet<>();
        for (int seed = -50; seed < 50; seed++) {
            for (String use : new String[] {"", "a", "b", "ab", "ba", "network/A", "network/B", "schedule"}) {
                firsts.add(SeededRandom.stream(seed, use).nextLong());
            }
        }
        assertEquals(800, firsts.size());
        assertEquals(
                SeededRandom.stream(1, "x").nextLong(),
                SeededRandom.stream(1, "x").nextLong());
        assertNotEquals(new SeededRandom(1).nextLong(), new SeededRandom(2).nextLong());
    }

    @Test
    void aBoundIsNeverReachedAndAllBelowItIs() {
        SeededRandom random = new SeededRandom(6);
        for (int bound = 1; bound <= 20; bound++) {
            int[] ints = new int[bound];
            int[] longs = new int[bound];
            int draws = 1_000 * bound;
            for (int i = 0; i < draws; i++) {
                ints[random.nextInt(bound)]++;
                longs[(int) random.nextLong((long) bound)]++;
            }
            for (int i = 0; i < bound; i++) {
                // 1,000 are expected, with a deviation of about 32: six of them.
                assertEquals(1_000, ints[i], 200, "nextInt(" + bound + ") == " + i);
                assertEquals(1_000, longs[i], 200, "nextLong(" + bound + ") == " + i);
            }
        }
    }

    @Test
    void theLargestBoundsStayInRange() {
        SeededRandom random = new SeededRandom(7);
        for (int i = 0; i < 100_000; i++) {
            int small = random.nextInt(Integer.MAX_VALUE);
            long large = random.nextLong(Long.MAX_VALUE);
            assertTrue(small >= 0 && small < Integer.MAX_VALUE);
            assertTrue(large >= 0 && large < Long.MAX_VALUE);
        }
    }

    @Test
    void theDistributionsHaveTheirMeansAndDeviations() {
        SeededRandom random = new SeededRandom(8);
        int draws = 200_000;
        double sum = 0;
        double exponential = 0;
        double normal = 0;
        double squares = 0;
        int within = 0;
        for (int i = 0; i < draws; i++) {
            double uniform = random.nextDouble();
            assertTrue(uniform >= 0 && uniform < 1);
            sum += uniform;
            double waited = random.nextExponential();
            assertTrue(waited >= 0 && waited < 40);
            exponential += waited;
            double bell = random.nextNormal();
            normal += bell;
            squares += bell * bell;
            within += Math.abs(bell) < 1 ? 1 : 0;
        }
        assertEquals(0.5, sum / draws, 0.005);
        assertEquals(1, exponential / draws, 0.015);
        assertEquals(0, normal / draws, 0.015);
        assertEquals(1, squares / draws, 0.02);
        assertEquals(0.6827, within / (double) draws, 0.007);
    }
}
