package io.orrery.live;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.model.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What a replica remembers of its cluster; its {@linkplain io.orrery.journal.Journal#belonging journal} keeps it. The
 * replicas agree on the id of their cluster by Paxos, and until then each keeps what it has promised.
 *
 * @param cluster the id of its cluster; empty while it belongs to none
 * @param promised the highest ballot to which it has promised or accepted something
 */
@JsonTypeName("belonging")
public record ClusterRecord(Optional<String> cluster, Optional<Ballot> promised, Optional<Vote> vote) {
    private static final Codec<ClusterRecord> CODEC = new Codec<>(ClusterRecord.class, List.of(ClusterRecord.class));
    public static final ClusterRecord NONE = new ClusterRecord(Optional.empty(), Optional.empty(), Optional.empty());

    public static ClusterRecord in(String cluster) {
        return new ClusterRecord(Optional.of(cluster), Optional.empty(), Optional.empty());
    }

    /** @throws IllegalArgumentException when it is none */
    public static ClusterRecord decode(byte[] bytes) {
        return bytes.length == 0 ? NONE : CODEC.decode(bytes);
    }

    public byte[] encode() {
        return CODEC.encode(this);
    }

    /** Orders the attempts; no two have the same. */
    public record Ballot(long round, NodeId by) implements Comparable<Ballot> {
        private static final long LAST_ROUND = 1L << 40;

        /** @throws IllegalArgumentException when there can be no such round: each takes a second */
        public Ballot {
            if (round < 0 || round > LAST_ROUND) {
                throw new IllegalArgumentException("not a round: " + round);
            }
        }

        public static Ballot before(NodeId any) {
            return new Ballot(0, any);
        }

        @Override
        public int compareTo(Ballot other) {
            return round != other.round ? Long.compare(round, other.round) : by.compareTo(other.by);
        }
    }

    /** An id that a replica has accepted. */
    public record Vote(Ballot ballot, String cluster) {
        public Vote {
            RandomId.require(cluster);
        }
    }
}
