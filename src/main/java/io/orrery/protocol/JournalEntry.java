package io.orrery.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What a replica must find again after a crash: an immutable record with a name of its own, by which it is found again
 * on disk whatever becomes of its class. All that there are: {@link ProtocolType#vocabulary}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public interface JournalEntry {
    /**
     * The slot that the entry fills. A journal may forget an entry when a later one has filled the same slot, so it
     * stays as large as the state and not as the past. Slots are compared by {@code equals}; a slot is a {@link
     * io.orrery.model.Key}, an {@link io.orrery.model.Origin} or a text, each a range of its own.
     */
    Object slot();

    /** About how many bytes the keys and values in it take; 0 where there are none. */
    default long bytes() {
        return 0;
    }
}
