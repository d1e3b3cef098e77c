package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Values;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What a replica keeps for after a crash. Used by one replica at a time, from its thread; {@link #crash}, {@link #wipe}
 * and {@link #close} by the host, when the replica has stopped.
 *
 * <p>Entries become durable in the order in which they are appended. Of the entries of one {@linkplain
 * JournalEntry#slot slot} only the last is sure to be found again.
 */
public interface Journal extends AutoCloseable {
    /**
     * A short number by which people tell this memory from others of the same replica. Where all that the replica ever
     * remembered was here it is 0 at first, and 1 more each time that the memory was lost; else it is drawn at random by each
     * process, and when the memory was lost. Nothing but what people read depends on it.
     */
    long incarnation();

    /**
     * Gives back what is durable, in the order in which it was appended.
     *
     * @throws JournalException when it cannot be read
     */
    void replay(Consumer<JournalEntry> action);

    /** Adds an entry. It is safe only once {@link #isDurable}. Never blocks. */
    void append(JournalEntry entry);

    /** Where the values are that a replica need not keep in memory. What is put there is appended, as an entry is. */
    default Values values() {
        return Values.NONE;
    }

    /** Whether all that was appended would survive a crash. */
    boolean isDurable();

    /**
     * Makes durable all that was appended so far, as one batch; the caller goes on meanwhile. A sync that is asked for
     * while another is under way is a mistake of the caller.
     *
     * @return completed, on any thread, when that is done; never, when a crash comes first. Completed with a {@link
     *     JournalException} when it failed: nobody knows then what is on disk of the batch, nothing more becomes durable,
     *     and the replica has to crash
     */
    CompletionStage<Void> sync();

    /**
     * The replica crashes: what is not durable is lost, and a sync that is under way tells nobody. After a failed sync the
     * journal is as good as the disk is.
     */
    void crash();

    /**
     * The replica crashes and its memory is lost.
     *
     * @throws JournalException when the disk does not even forget
     */
    void wipe();

    /**
     * What was kept last of the cluster to which the replica belongs; empty when nothing was. It outlives a wipe: a replica
     * that has lost its memory is one of the same cluster still.
     */
    byte[] belonging();

    /**
     * Keeps what the replica has to find again of the cluster to which it belongs. Called by any thread; when this returns,
     * it is durable.
     *
     * @param belonging CBOR, in which {@code cluster} is the id of the cluster where it is known: so a directory tells it to
     *     who looks at it without this replica
     * @throws JournalException when that failed
     */
    void keepBelonging(byte[] belonging);

    /**
     * What is durable at this moment, as an archive (ZIP) to be read and closed. Called on any thread; the journal goes on
     * meanwhile.
     *
     * @return empty where nothing is kept on disk, and when the journal is closed
     * @throws JournalException when that failed; nothing is changed then
     */
    default Optional<InputStream> backup() {
        return Optional.empty();
    }

    /**
     * Has somebody told of each sync that has succeeded how long the disk took for it, in nanoseconds, on any thread; nobody
     * where there is no disk. To be called before the first sync.
     */
    default void observeSyncs(LongConsumer observer) {}

    /** Makes durable what it can and lets go of files and threads. To be called last, and once. */
    @Override
    void close();
}
