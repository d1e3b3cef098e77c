package io.orrery.loop;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a run leaves what its strategy would have done with its seed. Empty for a run that its seed alone decides.
 *
 * @param steps by how many choices came before, which of the steps that are ready runs: an index below their number; where
 *     fewer are ready, the remainder counts
 * @param delays by how many messages were delayed before, for how long the message is under way, in nanoseconds; what the
 *     link does not allow becomes the nearest that it does
 */
public record Choices(SortedMap<Long, Integer> steps, SortedMap<Long, Long> delays) {
    public static final Choices NONE = new Choices(Collections.emptySortedMap(), Collections.emptySortedMap());

    /** @throws IllegalArgumentException when a number is below 0 */
    public Choices {
        steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
        delays = Collections.unmodifiableSortedMap(new TreeMap<>(delays));
        boolean isBelow = steps.entrySet().stream().anyMatch(it -> it.getKey() < 0 || it.getValue() < 0)
                || delays.entrySet().stream().anyMatch(it -> it.getKey() < 0 || it.getValue() < 0);
        if (isBelow) {
            throw new IllegalArgumentException("choices are counted from 0 on, and are 0 or more");
        }
    }

    /** Whether the strategy and the seed decide all. */
    public boolean isNone() {
        return steps.isEmpty() && delays.isEmpty();
    }
}
