package io.orrery.live;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalException;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a replica remembers of its cluster; its {@linkplain io.orrery.journal.Journal#belonging journal} keeps it. The
 * replicas agree on the id of their cluster by Paxos, and until then each keeps what it has promised.
 *
 * @param cluster the id of its cluster; empty while it belongs to none
 * @param promised the highest ballot to which it has promised or accepted something
 * @param members who the replicas are, once that has been changed: from then on this counts, and no longer the file
 */
@JsonTypeName("belonging")
public record ClusterRecord(
        Optional<String> cluster, Optional<Ballot> promised, Optional<Vote> vote, Optional<Configuration> members) {
    private static final Codec<ClusterRecord> CODEC = new Codec<>(ClusterRecord.class, List.of(ClusterRecord.class));
    public static final ClusterRecord NONE =
            new ClusterRecord(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public static ClusterRecord in(String cluster) {
        return NONE.inCluster(cluster);
    }

    /** The same, in a cluster. */
    public ClusterRecord inCluster(String id) {
        return new ClusterRecord(Optional.of(id), Optional.empty(), Optional.empty(), members);
    }

    /** The same, with other members. */
    public ClusterRecord withMembers(Configuration changed) {
        return new ClusterRecord(cluster, promised, vote, Optional.of(changed));
    }

    /**
     * What a replica that does not run has kept on disk.
     *
     * @throws JournalException when its directory cannot be read, as where it is in use or damaged
     */
    public static ClusterRecord of(Deployment.Storage storage, NodeId replica) {
        Path directory = storage.directoryOf(replica);
        return DataDirectory.hasStore(directory) ? decode(DataDirectory.belonging(directory)) : NONE;
    }

    /** What to tell people of a replica that is no member any more. */
    public static String removed(NodeId replica, Configuration members) {
        return "replica " + replica + " was removed from its cluster, whose members are " + members.members()
                + "; what it has on disk is of no use any more";
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
