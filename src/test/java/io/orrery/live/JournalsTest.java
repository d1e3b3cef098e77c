package io.orrery.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.journal.MemoryJournal;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The directories of one process are of one cluster. */
class JournalsTest {
    private static final String ONE = "1".repeat(32);
    private static final String OTHER = "2".repeat(32);

    private final Map<NodeId, Journal> journals = new TreeMap<>();

    private void add(String id, String... cluster) {
        Journal journal = new MemoryJournal();
        for (String it : cluster) {
            journal.keepBelonging(ClusterRecord.in(it).encode());
        }
        journals.put(NodeId.of(id), journal);
    }

    private List<String> clusters() {
        Journals.requireOneCluster(Deployment.Storage.IN_MEMORY, journals);
        return journals.values().stream()
                .map(it -> ClusterRecord.decode(it.belonging()).cluster().orElseThrow())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"'tokens { client = client-token-0123456789 }', rwx------", "'', usual"})
    void whereNotEverybodyMaySeeEverythingOthersDoNotSeeTheFilesEither(
            String security, String permissions, @TempDir Path directory) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path existing = Files.createDirectory(DataDirectory.of(data, NodeId.of("A")));
        Files.setPosixFilePermissions(existing, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = Files.writeString(directory.resolve("mine.conf"), """
                protocol = lamport-lww, journal = rocksdb, data = "%s", lab = off
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                %s
                """.formatted(data, security));
        Deployment deployment = DeploymentLoader.load(file);
        Journals.open(deployment, deployment.ids(), new MemoryShares(1 << 20, 1 << 20), MemoryJournal::new)
                .values()
                .forEach(Journal::close);
        for (NodeId id : deployment.ids()) {
            Path opened = deployment.storage().directoryOf(id);
            String found = PosixFilePermissions.toString(Files.getPosixFilePermissions(opened));
            boolean isPrivate = found.equals("rwx------");
            assertEquals(permissions.equals("rwx------"), isPrivate, found);
        }
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
