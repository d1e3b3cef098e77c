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

/** Opens the journals of replicas as their deployment wants them. */
final class Journals {
    private Journals() {}

    /**
     * One journal for each replica.
     *
     * @throws JournalException when one cannot be opened; none is left open then
     */
    static Map<NodeId, Journal> open(Deployment.Storage storage, List<NodeId> replicas) {
        Map<NodeId, Journal> journals = new TreeMap<>();
        try {
            replicas.forEach(id -> journals.put(id, open(storage, id)));
            return journals;
        } catch (JournalException e) {
            journals.values().forEach(Journal::close);
            throw e;
        }
    }

    private static Journal open(Deployment.Storage storage, NodeId id) {
        return switch (storage.journal().orElse(Deployment.JournalKind.MEMORY)) {
            case MEMORY -> new MemoryJournal();
            case ROCKSDB -> RocksDbJournal.open(storage.directoryOf(id), id, storage.sync());
        };
    }
}
