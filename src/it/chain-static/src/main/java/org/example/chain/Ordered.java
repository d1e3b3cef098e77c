package org.example.chain;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.protocol.JournalEntry;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the head has ordered for one start of a replica: so a write that is sent again is ordered once.
 *
 * @param places the place of each request that is not over
 */
@JsonTypeName("ordered")
record Ordered(String start, long oldest, SortedMap<Long, Long> places) implements JournalEntry {
    static Ordered nothing(String start) {
        return new Ordered(start, 0, new TreeMap<>());
    }

    Ordered with(long number, long place, long oldestNow) {
        SortedMap<Long, Long> more = new TreeMap<>(places.tailMap(Math.max(oldest, oldestNow)));
        more.put(number, place);
        return new Ordered(start, Math.max(oldest, oldestNow), more);
    }

    @Override
    public Object slot() {
        return "ordered for " + start;
    }
}
