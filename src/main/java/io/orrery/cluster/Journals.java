package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.journal.RocksDbJournal;
import io.orrery.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Opens the journals of replicas as their deployment wants them. */
final class Journals {
    private Journals() {}

    /**
     * One journal for each replica.
     *
     * @param protocol of the replicas
     * @param memory makes a journal in memory, where the deployment wants no other
     * @throws JournalException when one cannot be opened; none is left open then
     */
    static Map<NodeId, Journal> open(
            String protocol, Deployment.Storage storage, List<NodeId> replicas, Supplier<MemoryJournal> memory) {
        Map<NodeId, Journal> journals = new TreeMap<>();
        try {
            replicas.forEach(id -> journals.put(id, open(protocol, storage, id, memory)));
            return journals;
        } catch (JournalException e) {
            journals.values().forEach(Journal::close);
            throw e;
        }
    }

    private static Journal open(
            String protocol, Deployment.Storage storage, NodeId id, Supplier<MemoryJournal> memory) {
        return switch (storage.journal().orElse(Deployment.JournalKind.MEMORY)) {
            case MEMORY -> memory.get();
            case ROCKSDB -> RocksDbJournal.open(storage.directoryOf(id), id, protocol, storage.sync());
        };
    }
}
