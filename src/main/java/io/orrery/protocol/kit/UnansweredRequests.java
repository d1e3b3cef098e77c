package io.orrery.protocol.kit;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Requests that were sent and not answered. An answer finds its request by number; a duplicate answer finds nothing.
 * Requests are resent from time to time ({@link ResendTimer}), those before a mark or all: a request after the mark may
 * have its answer under way. Who carries them out knows doubles by their numbers, and needs to remember none below
 * {@link #oldest} ({@link DuplicateFilter}).
 *
 * @param <T> what is sent again
 */
public final class UnansweredRequests<T> {
    private final FreshNumbers numbers = new FreshNumbers();
    private final NavigableMap<Long, T> open = new TreeMap<>();
    private final NavigableMap<Long, T> view = Collections.unmodifiableNavigableMap(open);
    private final ToLongFunction<? super T> size;
    private long bytes;
    private long mark;

    /** Requests that take so little that only their number matters. */
    public UnansweredRequests() {
        this(request -> 0);
    }

    /** @param size about how many bytes a request takes while it is open; always the same for one request */
    public UnansweredRequests(ToLongFunction<? super T> size) {
        this.size = size;
    }

    /** The number that {@link #add} would give next. */
    public long next() {
        return numbers.peek();
    }

    /** Gives a request its number: above all that were given or {@linkplain #used used}. */
    public long add(T request) {
        long number = numbers.next();
        put(number, request);
        return number;
    }

    /** After a crash: a request that an earlier life had open. */
    public void restore(long number, T request) {
        numbers.used(number);
        put(number, request);
    }

    private void put(long number, T request) {
        bytes += size.applyAsLong(request);
        T before = open.put(number, request);
        bytes -= before == null ? 0 : size.applyAsLong(before);
    }

    /** After a crash: an earlier life has given this number. */
    public void used(long number) {
        numbers.used(number);
    }

    /** The answer to a request has come, or it is not wanted any more. Returns the request; null when it is not open. */
    public T remove(long number) {
        T request = open.remove(number);
        bytes -= request == null ? 0 : size.applyAsLong(request);
        return request;
    }

    /** Forgets all requests that nobody wants any more. */
    public void removeIf(Predicate<? super T> isUnwanted) {
        open.values().removeIf(request -> {
            boolean isOver = isUnwanted.test(request);
            bytes -= isOver ? size.applyAsLong(request) : 0;
            return isOver;
        });
    }

    /** An open request; null when it is not open. */
    public T get(long number) {
        return open.get(number);
    }

    public boolean isEmpty() {
        return open.isEmpty();
    }

    /** The lowest number that is open, and where none is, the next one: all below it are over. */
    public long oldest() {
        return open.isEmpty() ? numbers.peek() : open.firstKey();
    }

    /** How many numbers lie between the oldest that is open and the next one: as many as the other end may have to remember. */
    public long window() {
        return numbers.peek() - oldest();
    }

    /** About how many bytes the open requests take. */
    public long bytes() {
        return bytes;
    }

    /** All that are open, the oldest first: to be read only. */
    public NavigableMap<Long, T> open() {
        return view;
    }

    /** Remembers which requests have been sent until now. */
    public void mark() {
        mark = numbers.last();
    }

    /** Those that are open and were sent before the last {@link #mark}, the oldest first: to be read only. */
    public SortedMap<Long, T> beforeMark() {
        return view.headMap(mark, true);
    }
}
