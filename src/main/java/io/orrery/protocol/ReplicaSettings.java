package io.orrery.protocol;

import io.orrery.model.NodeId;
import io.orrery.model.Preconditions;
import io.orrery.model.Start;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The configuration of a replica's protocol.
 *
 * @param self this replica
 * @param replicas all replicas of the deployment, this one among them, in the deployment's order
 * @param options the values of the protocol's options
 * @param tuning the times and limits of the deployment
 */
public record ReplicaSettings(NodeId self, List<NodeId> replicas, ProtocolOptions options, Tuning tuning) {
    /** @throws IllegalArgumentException when this replica is not among the replicas, or one is there twice */
    public ReplicaSettings {
        replicas = List.copyOf(replicas);
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(tuning, "tuning");
        List<NodeId> all = replicas;
        Preconditions.require(all.contains(self), () -> "replica " + self + " is not one of " + all);
        Preconditions.require(
                all.stream().distinct().count() == all.size(), () -> "a replica is named twice in " + all);
    }

    public ReplicaSettings(NodeId self, List<NodeId> replicas, Tuning tuning) {
        this(self, replicas, ProtocolOptions.usual(replicas), tuning);
    }

    /** What an option of the protocol is set to, or its default. */
    public <T> T get(ProtocolOption<T> option) {
        return options.get(option);
    }

    /** All replicas but this one. */
    public List<NodeId> peers() {
        return replicas.stream().filter(replica -> !replica.equals(self())).toList();
    }

    /**
     * Times and limits.
     *
     * @param antiEntropy the interval at which replicas compare what they have, in addition to starts and healed links
     * @param patience how long a replica waits for a missing write before it fetches it
     * @param batch the maximum number of writes in one message of a catch-up
     * @param buffer the maximum number of writes that a replica buffers per origin; further ones are dropped and
     *     fetched later
     * @param storeBytes how much memory the store may take before clients' writes are refused
     * @param staggered whether each start begins its anti-entropy at a moment of its own, so that replicas that start
     *     together do not compare in step
     */
    public record Tuning(
            Duration antiEntropy, Duration patience, int batch, int buffer, long storeBytes, boolean staggered) {
        /** No limit, with room for the reserve. */
        public static final long ANY_BYTES = Long.MAX_VALUE / 2;

        public static final Tuning DEFAULT = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 1_000, 100_000);

        /** @throws IllegalArgumentException when a time is not positive or a limit is below 1 */
        public Tuning {
            requirePositive("anti-entropy", antiEntropy);
            requirePositive("patience", patience);
            Preconditions.require(
                    batch >= 1 && buffer >= 1, () -> "batch and buffer are 1 or more, not " + batch + " and " + buffer);
            Preconditions.require(
                    storeBytes >= 1 && storeBytes <= ANY_BYTES,
                    () -> "a store's bytes are 1 or more, not " + storeBytes);
        }

        /** With a store that may grow without limit. */
        public Tuning(Duration antiEntropy, Duration patience, int batch, int buffer) {
            this(antiEntropy, patience, batch, buffer, ANY_BYTES);
        }

        /** In step with others that start at the same time. */
        public Tuning(Duration antiEntropy, Duration patience, int batch, int buffer, long storeBytes) {
            this(antiEntropy, patience, batch, buffer, storeBytes, false);
        }

        public Tuning withStoreBytes(long changed) {
            return new Tuning(antiEntropy, patience, batch, buffer, changed, staggered);
        }

        public Tuning withStaggered(boolean changed) {
            return new Tuning(antiEntropy, patience, batch, buffer, storeBytes, changed);
        }

        /** How long after a start the first comparison is due: the interval, or a part of it that the start's id decides. */
        public Duration firstAntiEntropy(Start start) {
            if (!staggered) {
                return antiEntropy;
            }
            // The first 32 bits are random in each kind of id that is drawn.
            double part = (start.id().getMostSignificantBits() >>> 32) * 0x1p-32;
            return Duration.ofNanos(Math.max(1, (long) (part * antiEntropy.toNanos())));
        }

        private static void requirePositive(String name, Duration duration) {
            Preconditions.require(
                    !duration.isNegative() && !duration.isZero(), () -> name + " is a time above 0, not " + duration);
        }
    }
}
