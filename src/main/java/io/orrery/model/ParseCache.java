package io.orrery.model;

import java.util.function.Function;

/**
 * A cache of recently parsed texts: a deployment has a few names, and each message repeats them. Of two texts with the
 * same hash slot the later one stays. Thread-safe without locks: entries are immutable, and an entry that another
 * thread does not see is parsed again.
 */
final class ParseCache<T> {
    private static final int SIZE = 256;
    /** A longer text is not cached, so that senders cannot fill the memory. */
    private static final int MOST_LETTERS = 128;

    private record Entry<T>(String text, T value) {}

    private final Function<String, T> parser;

    @SuppressWarnings("unchecked") // An array of a generic type cannot be made otherwise.
    private final Entry<T>[] entries = (Entry<T>[]) new Entry<?>[SIZE];

    ParseCache(Function<String, T> parser) {
        this.parser = parser;
    }

    T get(String text) {
        int place = text.hashCode() & SIZE - 1;
        Entry<T> entry = entries[place];
        if (entry == null || !entry.text().equals(text)) {
            entry = new Entry<>(text, parser.apply(text));
            if (text.length() <= MOST_LETTERS) {
                entries[place] = entry;
            }
        }
        return entry.value();
    }
}
