package io.orrery.protocol.kit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The results of one caller's requests, so that a duplicate is not performed again and gets the same answer. A caller
 * is one start of a replica: its numbers grow, and it confirms the answers it has received, which are then forgotten
 * ({@link UnansweredRequests} is the caller's side). Late copies of confirmed requests always count as duplicates.
 *
 * @param <R> what a request came to
 */
public final class DuplicateFilter<R> {
    private final TreeMap<Long, R> results = new TreeMap<>();
    private final SortedMap<Long, R> view = Collections.unmodifiableSortedMap(results);
    private long settled;

    /** Whether a request must be performed: it is no duplicate, and its caller has not confirmed it. */
    public boolean isNew(long number) {
        return number > settled && !results.containsKey(number);
    }

    /** Remembers the result of a new request until it is {@linkplain #settle settled}. */
    public void put(long number, R result) {
        Invariant.check(isNew(number), "a request is carried out once", number, settled);
        results.put(number, result);
    }

    /** After a crash: restores the result of an earlier start, in any order. */
    public void restore(long number, R result) {
        results.put(number, result);
    }

    /** The result of a request; null if it is new or settled. */
    public R get(long number) {
        return results.get(number);
    }

    /** The caller has had the answers to all requests up to this number. */
    public void settle(long upTo) {
        if (upTo > settled) {
            settled = upTo;
            while (!results.isEmpty() && results.firstKey() <= upTo) {
                results.pollFirstEntry();
            }
        }
    }

    /** Up to which number all is settled. */
    public long settled() {
        return settled;
    }

    /** All that is remembered, by number: to be read only. */
    public SortedMap<Long, R> results() {
        return view;
    }
}
