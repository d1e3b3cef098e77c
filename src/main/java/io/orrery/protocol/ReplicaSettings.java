package io.orrery.protocol;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a replica's protocol knows of the world.
 *
 * @param self this replica
 * @param replicas all replicas of the deployment, this one among them, in the deployment's order
 * @param options what the options of the protocol are set to
 * @param tuning the times and limits of the deployment
 */
public record ReplicaSettings(NodeId self, List<NodeId> replicas, ProtocolOptions options, Tuning tuning) {
    /** @throws IllegalArgumentException when this replica is not among the replicas, or one is there twice */
    public ReplicaSettings {
        replicas = List.copyOf(replicas);
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(tuning, "tuning");
        if (!replicas.contains(self)) {
            throw new IllegalArgumentException("replica " + self + " is not one of " + replicas);
        }
        if (replicas.stream().distinct().count() != replicas.size()) {
            throw new IllegalArgumentException("a replica is named twice in " + replicas);
        }
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
     * @param antiEntropy how often replicas compare what they have, besides at start and when a link heals
     * @param patience how long a missing write may be merely late before it is fetched again
     * @param batch how many writes one message of a catch-up carries at the most
     * @param buffer how many writes a replica holds back or out of order for each origin at the most; what comes beyond
     *     is dropped and fetched again later
     * @param storeBytes how much memory the store may take before clients' writes are refused
     */
    public record Tuning(Duration antiEntropy, Duration patience, int batch, int buffer, long storeBytes) {
        /** As much memory as there may ever be, with room for what is reserved beyond. */
        public static final long ANY_BYTES = Long.MAX_VALUE / 2;

        public static final Tuning DEFAULT = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 1_000, 100_000);

        /** @throws IllegalArgumentException when a time is not positive or a limit is below 1 */
        public Tuning {
            requirePositive("anti-entropy", antiEntropy);
            requirePositive("patience", patience);
            if (batch < 1 || buffer < 1) {
                throw new IllegalArgumentException("batch and buffer are 1 or more, not " + batch + " and " + buffer);
            }
            if (storeBytes < 1 || storeBytes > ANY_BYTES) {
                throw new IllegalArgumentException("a store's bytes are 1 or more, not " + storeBytes);
            }
        }

        /** With a store that may grow without limit. */
        public Tuning(Duration antiEntropy, Duration patience, int batch, int buffer) {
            this(antiEntropy, patience, batch, buffer, ANY_BYTES);
        }

        public Tuning withStoreBytes(long changed) {
            return new Tuning(antiEntropy, patience, batch, buffer, changed);
        }

        private static void requirePositive(String name, Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(name + " is a time above 0, not " + duration);
            }
        }
    }
}
