package org.example.chain;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.kit.DuplicateFilter;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the head has ordered for one start of a replica: so a write that is sent again is ordered once.
 *
 * @param places the place of each request that is not over
 */
@JsonTypeName("ordered")
record Ordered(String start, long oldest, SortedMap<Long, Long> places) implements JournalEntry {
    static Ordered of(String start, DuplicateFilter<Long> places) {
        return new Ordered(start, places.settled() + 1, new TreeMap<>(places.results()));
    }

    DuplicateFilter<Long> recovered() {
        DuplicateFilter<Long> recovered = new DuplicateFilter<>();
        places.forEach(recovered::restore);
        recovered.settle(oldest - 1);
        return recovered;
    }

    @Override
    public Object slot() {
        return "ordered for " + start;
    }
}
