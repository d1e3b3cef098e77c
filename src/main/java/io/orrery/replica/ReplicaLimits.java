package io.orrery.replica;

import java.time.Duration;

/**
 * How much a replica lets wait.
 *
 * @param requests requests that it could not answer at once; further ones are refused as long
 * @param paused requests and messages that it keeps while it is paused
 * @param timeout how long a request waits; then nobody knows what became of it
 */
public record ReplicaLimits(int requests, int paused, Duration timeout) {
    /**
     * How many bytes of keys and values may wait in each of the places where something waits: the mailbox, a pause, the
     * requests without an answer, what is not on disk yet, and what comes from clients and goes to them. A small heap has
     * room for all of them.
     */
    public static final long BYTES = 32 << 20;

    public static final ReplicaLimits DEFAULT = new ReplicaLimits(10_000, 10_000, Duration.ofSeconds(5));

    public ReplicaLimits {
        if (requests < 1 || paused < 1) {
            throw new IllegalArgumentException("limits are 1 or more, not " + requests + " and " + paused);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout is a time above 0, not " + timeout);
        }
    }

    public ReplicaLimits withTimeout(Duration changed) {
        return new ReplicaLimits(requests, paused, changed);
    }
}
