package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.ALL;
import static io.orrery.launch.TestCluster.B;
import static io.orrery.launch.TestCluster.C;
import static io.orrery.launch.TestCluster.PATIENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Options;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryWriter;
import io.orrery.history.Op;
import io.orrery.launch.TestCluster.Held;
import io.orrery.model.NodeId;
import io.orrery.protocol.Promises;
import io.orrery.protocol.Protocols;
import io.orrery.report.VerdictText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real nodes to which, one after the other, all happens that can, while clients write and read. */
@Tag("process")
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs({OS.LINUX, OS.MAC})
class FailuresTest {
    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    private TestCluster cluster;
    private Load load;

    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "primary-causal", "leader-quorum"})
    void nothingIsLostAndEveryPromiseIsKept(String protocol) throws Exception {
        Promises promises = Protocols.named(protocol).promises();
        List<NodeId> takers = protocol.equals("leader-quorum") ? List.of(A) : ALL;
        cluster = TestCluster.start(tests, protocol, "");
        writeThrough(takers);
        load = new Load(cluster, promises.moving());
        try (Load running = load) {
            running.awaitMore();
            killOne();
            killAll();
            endOneInOrder();
            suspendOne();
            cutALink();
        }
        Map<String, Held> contents = cluster.awaitAgreement();
        takers.forEach(id -> assertEquals("1", contents.remove("from-" + id).value()));
        History history = load.history();
        keep(history, tests.directory().resolve("history.jsonl"));
        assertNothingIsLost(history, contents);
        assertNothingIsInvented(history, contents);
        assertPromises(history, promises);
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

    private void killOne() throws InterruptedException {
        cluster.node(C).kill();
        load.awaitMore();
        cluster.node(C).start();
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

    private void suspendOne() throws InterruptedException {
        cluster.node(C).suspend();
        cluster.awaitMembers(A, A, B);
        cluster.awaitMembers(B, A, B);
        load.awaitMore();
        cluster.node(C).resume();
        cluster.awaitWhole();
        load.awaitMore();
    }

    private void cutALink() {
        cluster.client(C)
                .send("PUT", "/lab/links", "{\"from\":\"A\",\"to\":\"B\",\"cut\":true}")
                .requireSuccess();
        assertTrue(
                cluster.client(A).get("/lab/links").body().matches(".*\"from\":\"A\",\"to\":\"B\"[^}]*\"cut\":true.*"),
                "whichever node takes the order");
        load.awaitMore();
        cluster.client(B).send("POST", "/lab/heal", "{}").requireSuccess();
        load.awaitMore();
    }

    private static void keep(History history, Path file) {
        try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
            history.events().forEach(writer::append);
        }
    }

    /** What a client was told of is there, or something newer. */
    private static void assertNothingIsLost(History history, Map<String, Held> contents) {
        for (Op op : history.ops()) {
            if (op.isOk() && op.version() != null) {
                Held held = contents.get(op.key().name());
                assertTrue(held != null, () -> "lost: " + op);
                int newer = held.version().compareTo(op.version());
                assertTrue(
                        newer > 0
                                || newer == 0 && held.value().equals(op.value().json()),
                        () -> op + ", and in the end there is " + held);
            }
        }
    }

    private static void assertNothingIsInvented(History history, Map<String, Held> contents) {
        Set<String> written = history.ops().stream()
                .filter(op -> op.isWrite() && !op.isFailed())
                .map(op -> op.key() + " = " + op.value().json())
                .collect(Collectors.toSet());
        contents.forEach((key, held) ->
                assertTrue(written.contains(key + " = " + held.value()), () -> "nobody wrote " + key + " = " + held));
    }

    private static void assertPromises(History history, Promises promises) {
        for (String name : promises.models()) {
            Model model = Model.parse(name);
            if (model.judgesHistories()) {
                Verdict verdict = Checker.check(history, model, Options.DEFAULT);
                assertEquals(
                        Verdict.HOLDS, verdict, () -> model + ": " + String.join("\n", VerdictText.reasons(verdict)));
            }
        }
    }
}
