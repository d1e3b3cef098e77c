package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The directories of one process are of one cluster. */
class JournalsTest {
    private static final String ONE = "1".repeat(32);
    private static final String OTHER = "2".repeat(32);

    private final Map<NodeId, Journal> journals = new TreeMap<>();

    private void add(String id, String... cluster) {
        Journal journal = new MemoryJournal();
        for (String it : cluster) {
            journal.keepBelonging(Founding.Memory.in(it).encode());
        }
        journals.put(NodeId.of(id), journal);
    }

    private List<String> clusters() {
        Journals.requireOneCluster(Deployment.Storage.IN_MEMORY, journals);
        return journals.values().stream()
                .map(it -> Founding.Memory.decode(it.belonging()).cluster().orElseThrow())
                .distinct()
                .toList();
    }

    @Test
    void newOnesAreGivenANewId() {
        add("A");
        add("B");
        List<String> first = clusters();
        assertEquals(1, first.size());
        assertEquals(first, clusters(), "and keep it");
    }

    @Test
    void aNewOneIsGivenTheIdOfTheOthers() {
        add("A");
        add("B", ONE);
        assertEquals(List.of(ONE), clusters());
    }

    @Test
    void thoseOfDifferentClustersAreRefusedByName() {
        add("A", ONE);
        add("B", OTHER);
        add("C");
        String problem = assertThrows(JournalException.class, this::clusters).getMessage();
        assertTrue(
                problem.endsWith("is not of one cluster: that of replica A is of cluster " + ONE
                        + ", that of replica B is of cluster " + OTHER),
                problem);
    }
}
