package io.orrery.protocol.kit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has become of one caller's requests, so that one that comes twice is carried out once and answered alike. A caller is
 * one life of a replica: its numbers grow, and it says of which it has the answers, which are forgotten then ({@link Unanswered}
 * is its end). Late copies of those are taken for doubles for ever.
 *
 * @param <R> what a request came to
 */
public final class Doubles<R> {
    private final TreeMap<Long, R> results = new TreeMap<>();
    private final SortedMap<Long, R> view = Collections.unmodifiableSortedMap(results);
    private long settled;

    /** Whether a request is to be carried out: it has not been, and its caller may still want the answer. */
    public boolean isNew(long number) {
        return number > settled && !results.containsKey(number);
    }

    /** Remembers what a new request came to, until it is {@linkplain #settle settled}. */
    public void put(long number, R result) {
        Invariant.check(isNew(number), "a request is carried out once", number, settled);
        results.put(number, result);
    }

    /** After a crash: what an earlier life has carried out, in any order. */
    public void restore(long number, R result) {
        results.put(number, result);
    }

    /** What a request came to; null for one that is new, or settled. */
    public R get(long number) {
        return results.get(number);
    }

    /** The caller has had the answers to all requests up to this number. */
    public void settle(long upTo) {
        if (upTo > settled) {
            settled = upTo;
            results.headMap(upTo, true).clear();
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
