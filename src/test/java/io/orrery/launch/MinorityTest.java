package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.ALL;
import static io.orrery.launch.TestCluster.B;
import static io.orrery.launch.TestCluster.C;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.client.RestClient;
import io.orrery.model.NodeId;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one node of three can still do when the others are gone, and that all agree when they are back. */
@Tag("process")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs({OS.LINUX, OS.MAC})
class MinorityTest {
    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    /** For how long one that is left alone waits to hear the others: ports of suspended processes are open still. */
    private static final String IMPATIENT_NODES = "-Dorrery.rendezvous.patience=5s";

    private TestCluster cluster;

    @Test
    void oneOfManyMastersTakesReadsAndWrites() throws Exception {
        cluster = TestCluster.start(tests, "vector-causal", "", IMPATIENT_NODES);
        writeAndAwait("x", "1");
        isolateBySuspending(C, A, B);
        cluster.put(C, "x", "2");
        cluster.put(C, "y", "3");
        assertEquals(Optional.of("2"), cluster.get(C, "x"));
        resume(A, B);
        cluster.awaitAgreement();
        assertEquals(Optional.of("2"), cluster.get(A, "x"));
        assertEquals(Optional.of("3"), cluster.get(B, "y"));
    }

    @Test
    void aFollowerServesReadsAndALeaderAcknowledgesNothing() throws Exception {
        cluster = TestCluster.start(tests, "leader-quorum", TestCluster.IMPATIENT);
        writeAndAwait("x", "1");

        killAllBut(C);
        assertEquals(403, put(C, "x", "2").status());
        assertEquals(Optional.of("1"), cluster.get(C, "x"));
        startAllBut(C);
        writeAndAwait("x", "3");

        killAllBut(A);
        RestClient.Answer unknown = put(A, "x", "4");
        assertEquals(504, unknown.status(), unknown.body());
        assertEquals(200, cluster.client(A).get("/kv/x").status());
        startAllBut(A);
        assertEquals("4", cluster.awaitAgreement().get("x").value(), "the leader's disk had it");
    }

    /** When this returns, the one that is left is alone in a cluster. */
    private void killAllBut(NodeId left) {
        ALL.stream()
                .filter(id -> !id.equals(left))
                .forEach(id -> cluster.node(id).kill());
        cluster.awaitMembers(left, left);
    }

    private void startAllBut(NodeId left) throws InterruptedException {
        ALL.stream()
                .filter(id -> !id.equals(left))
                .forEach(id -> cluster.node(id).start());
        cluster.awaitWhole();
    }

    private RestClient.Answer put(NodeId via, String key, String value) {
        return cluster.client(via).send("PUT", RestClient.keyPath(key), value);
    }

    private void writeAndAwait(String key, String value) {
        cluster.put(A, key, value);
        ALL.forEach(id ->
                TestCluster.await(id + " has " + key, () -> cluster.get(id, key).equals(Optional.of(value))));
    }

    /** When this returns, the membership of the one that is left has ended, and it has founded a cluster alone. */
    private void isolateBySuspending(NodeId left, NodeId... others) {
        for (NodeId other : others) {
            cluster.node(other).suspend();
        }
        cluster.awaitMembers(left, left);
        TestCluster.await(
                left + " is ready alone",
                () -> cluster.client(left).get("/ready").isSuccess());
    }

    private void resume(NodeId... suspended) throws InterruptedException {
        for (NodeId node : suspended) {
            cluster.node(node).resume();
        }
        cluster.awaitWhole();
    }
}
