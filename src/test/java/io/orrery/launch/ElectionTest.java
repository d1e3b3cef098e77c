package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.ALL;
import static io.orrery.launch.TestCluster.B;
import static io.orrery.launch.TestCluster.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.launch.TestCluster.Held;
import io.orrery.protocol.Protocols;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real nodes that elect a leader: it is killed, and they go on without it. */
@Tag("process")
@Timeout(600)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ElectionTest {
    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    @Test
    void whenTheLeaderIsKilledTheOthersGoOnAndNothingIsLost() throws Exception {
        TestCluster cluster = TestCluster.start(tests, "raft", TestCluster.IMPATIENT);
        ALL.forEach(id -> cluster.put(id, "from-" + id, "1"));
        Load load = new Load(cluster, true);
        try (Load running = load) {
            running.awaitMore();
            // The first of a new store leads.
            cluster.node(A).kill();
            cluster.put(B, "without", "2");
            assertEquals(Optional.of("2"), cluster.get(C, "without"));
            cluster.node(A).start();
            cluster.awaitWhole();
            running.awaitMore();
        }
        Map<String, Held> contents = cluster.awaitAgreement();
        ALL.forEach(id -> assertEquals("1", contents.remove("from-" + id).value()));
        assertEquals("2", contents.remove("without").value());
        Evidence.judge(load.history(), contents, Protocols.named("raft").promises(), tests.directory());
    }
}
