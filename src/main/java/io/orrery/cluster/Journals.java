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
     * @param memory what each may take
     * @param inMemory makes a journal in memory, where the deployment wants no other
     * @throws JournalException when one cannot be opened; none is left open then
     */
    static Map<NodeId, Journal> open(
            Deployment deployment, List<NodeId> replicas, Memory memory, Supplier<MemoryJournal> inMemory) {
        Map<NodeId, Journal> journals = new TreeMap<>();
        try {
            replicas.forEach(id -> journals.put(id, open(deployment, id, memory, inMemory)));
            return journals;
        } catch (JournalException e) {
            journals.values().forEach(Journal::close);
            throw e;
        }
    }

    private static Journal open(Deployment deployment, NodeId id, Memory memory, Supplier<MemoryJournal> inMemory) {
        Deployment.Storage storage = deployment.storage();
        return switch (storage.journal().orElse(Deployment.JournalKind.MEMORY)) {
            case MEMORY -> inMemory.get();
            case ROCKSDB ->
                RocksDbJournal.open(
                        storage.directoryOf(id), id, deployment.protocol().name(), storage.sync(), memory.cacheBytes());
        };
    }
}
