package io.orrery.bench;

import io.orrery.clock.Dot;
import io.orrery.journal.Journal;
import io.orrery.journal.SyncPolicy;
import io.orrery.journal.rocksdb.RocksDbJournal;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * The cost of a journal on disk: the number of durable writes per second, by the number of writes that share a sync,
 * and the time of recovery. A write has a key and a value of about 20 characters each.
 */
public final class JournalBenchmark {
    private static final NodeId REPLICA = NodeId.of("A");
    private static final ProtocolType PROTOCOL = Protocols.named("lamport-lww");
    private static final int KEYS = 1_000;
    private static final int RECOVERY_BATCH = 10_000;

    private final Path directory;
    private final int rounds;
    private final Duration roundTime;
    private final Consumer<String> progress;
    private int journals;
    private long sequence;

    /** @param perSecond writes appended, and synced if the policy syncs; by rounds */
    public record Appends(SyncPolicy sync, int waiting, Spread perSecond) {}

    /** @param seconds from opening the directory until the last entry was returned, by rounds */
    public record Recovery(int keys, Spread seconds) {}

    /**
     * @param directory an empty directory on the disk to be measured
     * @param rounds how often each result is measured, after a warm-up round
     * @param roundTime the approximate length of a round of appends
     * @param progress called after each round, including warm-up
     */
    public JournalBenchmark(Path directory, int rounds, Duration roundTime, Consumer<String> progress) {
        this.directory = directory;
        this.rounds = rounds;
        this.roundTime = roundTime;
        this.progress = progress;
    }

    /** The number of rounds for so many results, warm-up included. */
    public static int steps(int figures, int rounds) {
        return figures * (rounds + 1);
    }

    /**
     * @param waiting how many writes each sync makes durable: the number of clients, each of which waits for its write
     */
    public Appends appends(SyncPolicy sync, int waiting) {
        try (Journal journal = RocksDbJournal.open(next(), REPLICA, PROTOCOL, sync)) {
            String what = "sync " + sync.name().toLowerCase(Locale.ROOT) + ", " + waiting + " writes for each";
            return new Appends(sync, waiting, rounds(what, () -> round(journal, waiting)));
        }
    }

    private Spread rounds(String what, DoubleSupplier round) {
        return Spread.measure(1, rounds, () -> {
            double figure = round.getAsDouble();
            progress.accept(what);
            return figure;
        });
    }

    private double round(Journal journal, int waiting) {
        long start = System.nanoTime();
        long count = 0;
        long nanos;
        do {
            append(journal, waiting);
            count += waiting;
            nanos = System.nanoTime() - start;
        } while (nanos < roundTime.toNanos());
        return count * 1e9 / nanos;
    }

    /** @param keys how many keys the replica holds */
    public Recovery recovery(int keys) {
        Path data = next();
        fill(data, REPLICA, PROTOCOL, keys);
        return new Recovery(keys, rounds("recovery of " + keys + " keys", () -> recover(data, keys)));
    }

    /** Returns the time taken, in seconds. */
    private static double recover(Path data, int keys) {
        long start = System.nanoTime();
        int[] found = {0};
        double seconds;
        try (Journal journal = RocksDbJournal.open(data, REPLICA, PROTOCOL, SyncPolicy.NEVER)) {
            journal.replay(entry -> found[0]++);
            seconds = (System.nanoTime() - start) / 1e9;
        }
        if (found[0] != keys) {
            throw new IllegalStateException("kept " + keys + " entries and found " + found[0]);
        }
        return seconds;
    }

    /** Fills the journal of a replica that has written so many keys once each. */
    static void fill(Path data, NodeId replica, ProtocolType protocol, int keys) {
        try (Journal journal = RocksDbJournal.open(data, replica, protocol, SyncPolicy.NEVER)) {
            Origin origin = new Origin(replica, journal.incarnation());
            for (int number = 1; number <= keys; number++) {
                journal.append(write(origin, number, keys));
                if (number % RECOVERY_BATCH == 0 || number == keys) {
                    journal.sync().toCompletableFuture().join();
                }
            }
        }
    }

    private void append(Journal journal, int count) {
        Origin origin = new Origin(REPLICA, journal.incarnation());
        for (int i = 0; i < count; i++) {
            journal.append(write(origin, ++sequence, KEYS));
        }
        journal.sync().toCompletableFuture().join();
    }

    private static JournalEntry write(Origin origin, long number, int keys) {
        return new Write(
                new Dot(origin, number),
                Key.of("a-key-of-the-store-" + number % keys),
                Optional.of(Value.of("a value of write " + number)),
                new Version(number, origin),
                Dependencies.NONE);
    }

    private Path next() {
        return directory.resolve("journal-" + ++journals);
    }
}
