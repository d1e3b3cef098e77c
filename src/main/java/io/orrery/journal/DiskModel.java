package io.orrery.journal;

import io.orrery.network.Delay;
import java.time.Duration;
import java.util.Optional;

/**
 * How simulated disks behave while nothing is wrong with them.
 *
 * @param sync how long a sync takes; with {@link Delay#NONE} an entry is durable when it is appended
 * @param policy what a sync waits for: with {@link SyncPolicy#NEVER} a loss of power takes the last batches too
 * @param keptInCrash the chance, 0 to 1, that a crash leaves the batch of the sync that was under way on disk
 * @param replay how long a replay takes; an empty disk takes no time
 * @param valuesOver a value with more characters of JSON is stored apart from its write, and read from disk when it is
 *     needed; {@link #IN_MEMORY} for none
 * @param retry how soon a replica whose disk has failed is started again, which doubles from one failure to the next;
 *     empty if somebody must restart it
 */
public record DiskModel(
        Delay sync, SyncPolicy policy, double keptInCrash, Delay replay, int valuesOver, Optional<Duration> retry) {
    /** Replicas keep all values in memory. */
    public static final int IN_MEMORY = Integer.MAX_VALUE;

    /** A disk for which nothing takes time, and which loses nothing. */
    public static final DiskModel INSTANT = syncing(Delay.NONE);

    /** @throws IllegalArgumentException if a component is out of its bounds */
    public DiskModel {
        if (!(keptInCrash >= 0 && keptInCrash <= 1)) {
            throw new IllegalArgumentException("kept-in-crash is a chance between 0 and 1, not " + keptInCrash);
        }
        if (valuesOver < 0) {
            throw new IllegalArgumentException("values-over is a number of characters, 0 or more, not " + valuesOver);
        }
        if (retry.isPresent() && (retry.get().isZero() || retry.get().isNegative())) {
            throw new IllegalArgumentException("retry is a time above 0");
        }
    }

    /** A disk whose syncs take time; all else is as in {@link #INSTANT}. */
    public static DiskModel syncing(Delay sync) {
        return new DiskModel(sync, SyncPolicy.ALWAYS, 0, Delay.NONE, IN_MEMORY, Optional.empty());
    }

    public boolean hasValues() {
        return valuesOver < IN_MEMORY;
    }

    public DiskModel withPolicy(SyncPolicy changed) {
        return new DiskModel(sync, changed, keptInCrash, replay, valuesOver, retry);
    }

    public DiskModel withKeptInCrash(double changed) {
        return new DiskModel(sync, policy, changed, replay, valuesOver, retry);
    }

    public DiskModel withReplay(Delay changed) {
        return new DiskModel(sync, policy, keptInCrash, changed, valuesOver, retry);
    }

    public DiskModel withValuesOver(int changed) {
        return new DiskModel(sync, policy, keptInCrash, replay, changed, retry);
    }
}
