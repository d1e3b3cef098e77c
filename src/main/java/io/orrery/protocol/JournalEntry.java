package io.orrery.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What a replica recovers after a crash: an immutable record with a type name, by which it is read from disk even if
 * its class is renamed. {@link ProtocolType#vocabulary} lists all types.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public interface JournalEntry {
    /**
     * The slot that the entry fills. A journal may forget an entry when a later one has filled the same slot, so it
     * stays as large as the state and not as the past. Slots are compared by {@code equals}; a slot is a {@link
     * io.orrery.model.Key}, an {@link io.orrery.model.Origin} or a text, each a range of its own.
     */
    Object slot();

    /** The approximate size of its keys and values, in bytes; 0 if there are none. */
    default long bytes() {
        return 0;
    }
}
