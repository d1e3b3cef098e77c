package io.orrery.protocol;

/** What a replica must find again after a crash: an immutable record. */
public interface JournalEntry {
    /**
     * The slot that the entry fills. A journal may forget an entry when a later one has filled the same slot, so it
     * stays as large as the state and not as the past. Slots are compared by {@code equals}.
     */
    Object slot();
}
