package io.orrery.live;

import io.orrery.deployment.Deployment;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.journal.rocksdb.RocksDbJournal;
import io.orrery.model.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Opens the journals of replicas as their deployment wants them. */
final class Journals {
    private Journals() {}

    /**
     * One journal for each replica.
     *
     * @param memoryShares what each may take
     * @param inMemory makes a journal in memory, where the deployment wants no other
     * @throws JournalException when one cannot be opened; none is left open then
     */
    static Map<NodeId, Journal> open(
            Deployment deployment, List<NodeId> replicas, MemoryShares memoryShares, Supplier<MemoryJournal> inMemory) {
        Map<NodeId, Journal> journals = new TreeMap<>();
        try {
            replicas.forEach(id -> {
                journals.put(id, open(deployment, id, memoryShares, inMemory));
                requireReadable(id, journals.get(id));
            });
            return journals;
        } catch (JournalException e) {
            journals.values().forEach(Journal::close);
            throw e;
        }
    }

    private static void requireReadable(NodeId id, Journal journal) {
        try {
            ClusterRecord.decode(journal.belonging());
        } catch (IllegalArgumentException e) {
            throw new JournalException(
                    "the cluster named in the data of replica " + id + " cannot be read; " + e.getMessage(), e);
        }
    }

    /**
     * Holds that all are of one cluster; those that are of none yet belong to that of the others, or to a new one.
     *
     * @throws JournalException when two are of different clusters, or that cannot be kept; none is left open then
     */
    static void requireOneCluster(Deployment.Storage storage, Map<NodeId, Journal> journals) {
        try {
            Map<NodeId, String> clusters = new TreeMap<>();
            journals.forEach((id, journal) -> ClusterRecord.decode(journal.belonging())
                    .cluster()
                    .ifPresent(cluster -> clusters.put(id, cluster)));
            if (clusters.values().stream().distinct().count() > 1) {
                throw new JournalException("the data in " + storage.data() + " is not of one cluster: "
                        + clusters.entrySet().stream()
                                .map(it -> "that of replica " + it.getKey() + " is of cluster " + it.getValue())
                                .collect(Collectors.joining(", ")));
            }
            String cluster = clusters.values().stream().findFirst().orElseGet(RandomId::draw);
            journals.forEach((id, journal) -> {
                if (!clusters.containsKey(id)) {
                    journal.keepBelonging(ClusterRecord.in(cluster).encode());
                }
            });
        } catch (JournalException e) {
            journals.values().forEach(Journal::close);
            throw e;
        }
    }

    private static Journal open(
            Deployment deployment, NodeId id, MemoryShares memoryShares, Supplier<MemoryJournal> inMemory) {
        Deployment.Storage storage = deployment.storage();
        return switch (storage.journal().orElse(Deployment.JournalKind.MEMORY)) {
            case MEMORY -> inMemory.get();
            case ROCKSDB -> {
                Path directory = storage.directoryOf(id);
                if (deployment.security().isRestricted()) {
                    DataDirectory.makePrivate(directory);
                }
                yield RocksDbJournal.open(
                        directory, id, deployment.protocol(), storage.sync(), memoryShares.cacheBytes());
            }
        };
    }
}
