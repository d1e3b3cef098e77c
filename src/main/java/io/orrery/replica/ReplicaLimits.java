package io.orrery.replica;

import io.orrery.model.Limits;
import io.orrery.model.Preconditions;
import java.time.Duration;

/**
 * The limits of what waits at a replica.
 *
 * @param requests requests that wait for an answer; at the limit further ones are refused
 * @param paused requests and messages kept during a pause
 * @param timeout how long a request waits before its outcome is unknown
 * @param bytes the limit of keys and values in each of the places where something waits: the mailbox, a pause, the
 *     requests without an answer, the entries not yet durable, the input from clients, and the output to them
 */
public record ReplicaLimits(int requests, int paused, Duration timeout, long bytes) {
    /** The limit of each place, unless the heap is small. */
    public static final long BYTES = Limits.WAITING_BYTES;

    /**
     * A place may use the heap divided by this: there are about ten places, and most hold their content more than once.
     */
    private static final int PART_OF_HEAP = 32;

    public static final ReplicaLimits DEFAULT = new ReplicaLimits(10_000, 10_000, Duration.ofSeconds(5), BYTES);

    /** The limit {@link #bytes} for each of so many replicas that share the heap of this process. */
    public static long bytesInHeap(int replicas) {
        return Math.min(BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP / replicas);
    }

    public ReplicaLimits {
        Preconditions.require(
                requests >= 1 && paused >= 1, () -> "limits are 1 or more, not " + requests + " and " + paused);
        Preconditions.require(
                !timeout.isNegative() && !timeout.isZero(), () -> "a timeout is a time above 0, not " + timeout);
    }

    public ReplicaLimits withTimeout(Duration changed) {
        return new ReplicaLimits(requests, paused, changed, bytes);
    }
}
