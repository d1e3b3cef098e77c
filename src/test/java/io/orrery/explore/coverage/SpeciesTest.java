package io.orrery.explore.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeciesTest {
    private static final int KINDS = 1_000;

    /** Kind k comes with a probability in proportion to 1 / (k + 1). */
    private static int drawn(SeededRandom random) {
        return (int) Math.min(KINDS - 1, Math.exp(random.nextDouble() * Math.log(KINDS + 1)) - 1);
    }

    private static double probability(int kind) {
        return kind == KINDS - 1
                ? 1 - Math.log(KINDS) / Math.log(KINDS + 1)
                : (Math.log(kind + 2) - Math.log(kind + 1)) / Math.log(KINDS + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 10_000})
    void theChanceOfSomethingNewIsThatOfAllThatIsUnseen(int samples) {
        Species species = new Species();
        Set<Integer> seen = new HashSet<>();
        SeededRandom random = new SeededRandom(samples);
        for (int i = 0; i < samples; i++) {
            int kind = drawn(random);
            assertEquals(seen.add(kind), species.add(kind));
        }
        double unseen = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            unseen += seen.contains(kind) ? 0 : probability(kind);
        }
        assertEquals(seen.size(), species.seen());
        assertTrue(species.isExact());
        // Good's estimate has a standard deviation of about the root of its numerator.
        assertEquals(unseen, species.chanceOfNew(), 3 * Math.sqrt(species.once() + 1) / samples);
    }

    @Test
    void whereAllIsNewSoIsTheNextAndWhereAllWasSeenTwiceNothingIs() {
        Species species = new Species();
        assertEquals(1, species.chanceOfNew());
        for (int i = 0; i < 10; i++) {
            species.add(i);
        }
        assertEquals(1, species.chanceOfNew());
        for (int i = 0; i < 10; i++) {
            species.add(i);
        }
        assertEquals(0, species.chanceOfNew());
        assertEquals(10, species.seen());
    }

    @Test
    void aPartStandsForAllWhereThereAreMany() {
        Species species = new Species(4_000);
        for (int i = 0; i < 100_000; i++) {
            species.add(i);
            if (i % 4 == 0) {
                species.add(i);
            }
        }
        assertFalse(species.isExact());
        assertEquals(100_000, species.seen(), 10_000);
        assertEquals(75_000, species.once(), 8_000);
        assertEquals(75_000.0 / 125_000, species.chanceOfNew(), 0.07);
    }

    @Test
    void theOrderOfSamplesMakesNoDifference() {
        List<Long> samples = new ArrayList<>();
        for (long i = 0; i < 3_000; i++) {
            samples.add(i % 2_000);
        }
        Species one = new Species(100);
        samples.forEach(one::add);
        Collections.shuffle(samples, new Random(1));
        Species other = new Species(100);
        samples.forEach(other::add);
        assertEquals(one.seen(), other.seen());
        assertEquals(one.once(), other.once());
    }

    @Test
    void aCurveKeepsFewPointsAtEqualDistances() {
        Curve curve = new Curve();
        for (int i = 1; i <= 10_000; i++) {
            curve.add(i, 2L * i);
        }
        List<Curve.Point> points = curve.points();
        assertTrue(points.size() > 30 && points.size() <= 64, points.size() + " points");
        for (int i = 0; i < points.size(); i++) {
            assertEquals(
                    new Curve.Point(
                            (i + 1L) * points.get(0).worlds(), 2 * points.get(i).worlds()),
                    points.get(i));
        }
    }
}
