package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.ALL;
import static io.orrery.launch.TestCluster.B;
import static io.orrery.launch.TestCluster.C;
import static io.orrery.launch.TestCluster.PATIENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.orrery.launch.TestCluster.Held;
import io.orrery.model.NodeId;
import io.orrery.protocol.Promises;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real nodes of each family to which, one after the other, all happens that can, while clients write and read. */
@Tag("process")
@Timeout(600)
@EnabledOnOs({OS.LINUX, OS.MAC})
@Execution(ExecutionMode.CONCURRENT)
class FailuresTest {
    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    private String protocol;
    private TestCluster cluster;
    private Load load;

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "leader-quorum"})
    void nothingIsLostAndEveryPromiseIsKept(String name) throws Exception {
        protocol = name;
        Promises promises = Protocols.named(protocol).promises();
        List<NodeId> takers = protocol.equals("leader-quorum") ? List.of(A) : ALL;
        cluster = TestCluster.start(tests, protocol, TestCluster.IMPATIENT);
        writeThrough(takers);
        load = new Load(cluster, promises.moving());
        try (Load running = load) {
            running.awaitMore();
            killOne(C);
            if (leads(A)) {
                killOne(A);
            }
            killAll();
            endOneInOrder();
            suspendOne(leads(A) ? A : C);
            cutALink();
        }
        Map<String, Held> contents = cluster.awaitAgreement();
        takers.forEach(id -> assertEquals("1", contents.remove("from-" + id).value()));
        Evidence.judge(load.history(), contents, promises, tests.directory());
    }

    private void writeThrough(List<NodeId> takers) {
        takers.forEach(id -> cluster.put(id, "from-" + id, "1"));
        for (NodeId from : takers) {
            for (NodeId at : ALL) {
                TestCluster.await(
                        at + " shows what was written through " + from,
                        () -> cluster.get(at, "from-" + from).equals(Optional.of("1")));
            }
        }
    }

    private boolean leads(NodeId id) {
        return id.equals(A) && !protocol.equals("vector-causal");
    }

    private void killOne(NodeId id) throws InterruptedException {
        cluster.node(id).kill();
        if (!leads(id)) {
            load.awaitMore();
        }
        cluster.node(id).start();
        cluster.awaitWhole();
        load.awaitMore();
    }

    private void killAll() throws InterruptedException {
        ALL.forEach(id -> cluster.node(id).kill());
        ALL.forEach(id -> cluster.node(id).start());
        cluster.awaitWhole();
        load.awaitMore();
    }

    private void endOneInOrder() throws InterruptedException {
        assertEquals(0, cluster.node(B).terminate(PATIENCE));
        cluster.awaitMembers(A, A, C);
        cluster.awaitMembers(C, A, C);
        TestCluster.await("A tells that B has gone", () -> last(toldOfBByA(), 1).endsWith("is no member any more"));
        String before = last(toldOfBByA(), 2);
        assertFalse(before.endsWith("is not reached"), () -> "it left, and was not found to be gone: " + before);
        load.awaitMore();
        cluster.node(B).start();
        cluster.awaitWhole();
        load.awaitMore();
    }

    private List<String> toldOfBByA() {
        try (Stream<String> lines = Files.lines(cluster.node(A).log())) {
            return lines.filter(line -> line.contains(" Node B ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String last(List<String> lines, int fromTheEnd) {
        return lines.get(lines.size() - fromTheEnd);
    }

    private void suspendOne(NodeId suspended) throws InterruptedException {
        cluster.node(suspended).suspend();
        NodeId[] others = ALL.stream().filter(id -> !id.equals(suspended)).toArray(NodeId[]::new);
        for (NodeId id : others) {
            cluster.awaitMembers(id, others);
        }
        if (!leads(suspended)) {
            load.awaitMore();
        }
        cluster.node(suspended).resume();
        cluster.awaitWhole();
        load.awaitMore();
    }

    private void cutALink() {
        cluster.cut(A, B);
        load.awaitMore();
        cluster.heal();
        load.awaitMore();
    }
}
