package io.orrery.replica;

import io.orrery.model.Limits;
import java.time.Duration;

/**
 * How much a replica lets wait.
 *
 * @param requests requests that it could not answer at once; further ones are refused as long
 * @param paused requests and messages that it keeps while it is paused
 * @param timeout how long a request waits; then its outcome is unknown
 * @param bytes of keys and values that may wait in each of the places where something waits: the mailbox, a pause, the
 *     requests without an answer, what is not on disk yet, what comes from clients, and what goes to them
 */
public record ReplicaLimits(int requests, int paused, Duration timeout, long bytes) {
    /** What may wait in each place, where the heap is not small. */
    public static final long BYTES = Limits.WAITING_BYTES;

    /** As much of the heap may wait in each place: there are some ten of them, and most hold what they have more than once. */
    private static final int PART_OF_HEAP = 32;

    public static final ReplicaLimits DEFAULT = new ReplicaLimits(10_000, 10_000, Duration.ofSeconds(5), BYTES);

    /** {@link #bytes} for each of so many replicas in this process, whose heap they share. */
    public static long bytesInHeap(int replicas) {
        return Math.min(BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP / replicas);
    }

    public ReplicaLimits {
        if (requests < 1 || paused < 1) {
            throw new IllegalArgumentException("limits are 1 or more, not " + requests + " and " + paused);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is a time above 0, not " + timeout);
        }
    }

    public ReplicaLimits withTimeout(Duration changed) {
        return new ReplicaLimits(requests, paused, changed, bytes);
    }
}
