package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import java.util.function.Consumer;

/**
 * What a replica keeps for after a crash. Used by one replica at a time, from its thread.
 *
 * <p>Entries become durable in the order in which they are appended. Of the entries of one {@linkplain
 * JournalEntry#slot slot} only the last is sure to be found again.
 */
public interface Journal {
    /**
     * Tells this memory from every other that the same replica ever had: the number grows when the memory is lost. 0 at
     * first.
     */
    long incarnation();

    /** Gives back what is durable, in the order in which it was appended. */
    void replay(Consumer<JournalEntry> action);

    /** Adds an entry. It is safe only once {@link #isDurable}. Never blocks. */
    void append(JournalEntry entry);

    /** Whether all that was appended would survive a crash. */
    boolean isDurable();

    /**
     * Makes durable all that was appended so far, as one batch. Calls back, on any thread, when that is done. A sync that
     * is asked for while another is under way is a mistake of the caller.
     */
    void sync(Runnable durable);

    /** The replica crashes: what is not durable is lost, and a sync that is under way calls nobody back. */
    void crash();

    /** The replica crashes and its memory is lost. */
    void wipe();
}
