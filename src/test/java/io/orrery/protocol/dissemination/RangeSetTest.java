package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.Origin;
import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeSetTest {
    private static final List<Origin> ORIGINS = List.of(Origin.of("A"), Origin.of("B"));

    @Test
    void itFindsWhatASearchOfAllRangesFinds() {
        for (int seed = 0; seed < 2_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            List<Range> ranges = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                long first = 1 + random.nextInt(30);
                ranges.add(new Range(ORIGINS.get(random.nextInt(2)), first, first + random.nextInt(8)));
            }
            RangeSet rangeSet = new RangeSet(ranges);
            for (Origin origin : ORIGINS) {
                for (long sequence = 1; sequence <= 40; sequence++) {
                    long wanted = sequence;
                    boolean expected = ranges.stream()
                            .anyMatch(it -> it.origin().equals(origin) && it.first() <= wanted && wanted <= it.last());
                    assertEquals(expected, rangeSet.contains(origin, sequence), "seed " + seed + ": " + ranges);
                }
            }
        }
    }
}
