package io.orrery.journal;

import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Values;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * What a replica recovers after a crash. One replica at a time uses it, on its thread. Its host calls {@link #crash},
 * {@link #wipe} and {@link #close} when the replica has stopped.
 *
 * <p>Entries become durable in the order in which they are appended. The journal may forget an entry when a later one has
 * filled the same {@linkplain JournalEntry#slot slot}.
 */
public interface Journal extends AutoCloseable {
    /**
     * A short number by which people tell this memory from others of the same replica. Only reports use it. A journal that
     * lives as long as all its peers counts the losses of its memory, from 0. For other journals each process draws a
     * number, and draws again when the memory is lost.
     */
    long incarnation();

    /**
     * Called once at each start of the replica, before {@link #replay}. The replica is up meanwhile, and handles nothing.
     *
     * @return completed, on any thread, when {@code replay} may be called; never, if a crash comes first
     */
    default CompletionStage<Void> whenReadable() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Passes on what is durable, in the order in which it was appended.
     *
     * @throws JournalException if it cannot be read, or is damaged
     */
    void replay(Consumer<JournalEntry> action);

    /** Adds an entry, which is safe only once {@link #isDurable}. Never blocks. */
    void append(JournalEntry entry);

    /** The values that the replica does not keep in memory. A value becomes durable as an appended entry does. */
    default Values values() {
        return Values.NONE;
    }

    /** Whether all appended entries would survive a crash. */
    boolean isDurable();

    /**
     * Makes all entries durable that were appended so far, as one batch. The caller continues meanwhile, and may not call
     * this again before the sync has ended.
     *
     * @return completed, on any thread, when the batch is durable; never, if a crash comes first. Completed with a {@link
     *     JournalException} if the sync failed: then nobody knows whether the batch is on disk, nothing more becomes
     *     durable, and the replica must crash
     */
    CompletionStage<Void> sync();

    /**
     * The replica crashes. Entries that are not durable are lost, except that the batch of a sync under way, or of a failed
     * sync, may be on disk. A sync that is under way never completes.
     */
    void crash();

    /**
     * The replica crashes and loses its memory.
     *
     * @throws JournalException if the disk cannot delete it; the memory is kept then
     */
    void wipe();

    /**
     * What {@link #keepBelonging} kept last; empty if nothing was kept. It outlives a wipe, because a replica that has lost
     * its memory still belongs to the same cluster.
     */
    byte[] belonging();

    /**
     * Keeps what the replica must find again about its cluster. Any thread may call this; when it returns, the record is
     * durable.
     *
     * @param belonging CBOR, in which {@code cluster} is the id of the cluster if it is known, so that tools can read it from
     *     the directory
     * @throws JournalException if it cannot be written
     */
    void keepBelonging(byte[] belonging);

    /**
     * An archive (ZIP) of what is durable at this moment, which the caller must close. Any thread may call this; the journal
     * stays in use.
     *
     * @return empty if the journal is not on disk, or is closed
     * @throws JournalException if the archive cannot be made; nothing is changed then
     */
    default Optional<InputStream> backup() {
        return Optional.empty();
    }

    /**
     * Registers an observer, before the first sync. It receives the duration of each successful sync in nanoseconds, on any
     * thread; never if there is no disk.
     */
    default void observeSyncs(LongConsumer observer) {}

    /**
     * Has each later sync take longer by this time, or no longer. Any thread may call this.
     *
     * @throws IllegalArgumentException if there is no disk
     */
    default void slowBy(Duration by) {
        throw new IllegalArgumentException("a journal in memory has no disk");
    }

    /** Makes durable what it can, and releases files and threads. Called once, as the last method. */
    @Override
    void close();
}
