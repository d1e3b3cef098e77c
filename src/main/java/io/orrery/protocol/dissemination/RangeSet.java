package io.orrery.protocol.dissemination;

import io.orrery.model.Origin;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of ranges, searched by a write within one. */
final class RangeSet {
    /** For each origin the last sequence of each range, by its first one. */
    private final Map<Origin, NavigableMap<Long, Long>> ends = new HashMap<>();

    /** @param ranges in any order; they may overlap */
    RangeSet(List<Range> ranges) {
        ranges.stream().sorted(Comparator.comparingLong(Range::first)).forEach(this::add);
    }

    private void add(Range range) {
        NavigableMap<Long, Long> ofOrigin = ends.computeIfAbsent(range.origin(), origin -> new TreeMap<>());
        Map.Entry<Long, Long> before = ofOrigin.lastEntry();
        if (before != null && range.first() <= before.getValue() + 1) {
            ofOrigin.put(before.getKey(), Math.max(before.getValue(), range.last()));
        } else {
            ofOrigin.put(range.first(), range.last());
        }
    }

    boolean contains(Origin origin, long sequence) {
        NavigableMap<Long, Long> ofOrigin = ends.get(origin);
        Map.Entry<Long, Long> run = ofOrigin == null ? null : ofOrigin.floorEntry(sequence);
        return run != null && sequence <= run.getValue();
    }
}
