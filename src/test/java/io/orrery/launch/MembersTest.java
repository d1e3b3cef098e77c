package io.orrery.launch;

import static io.orrery.launch.TestCluster.A;
import static io.orrery.launch.TestCluster.ALL;
import static io.orrery.launch.TestCluster.B;
import static io.orrery.launch.TestCluster.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient.Answer;
import io.orrery.launch.TestCluster.Held;
import io.orrery.model.NodeId;
import io.orrery.protocol.Protocols;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real nodes of which one is gone for good, and another takes its place. */
@Tag("process")
@Timeout(600)
@EnabledOnOs({OS.LINUX, OS.MAC})
class MembersTest {
    private static final NodeId D = NodeId.of("D");

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    @Test
    void aNodeThatIsGoneIsReplacedUnderLoadAndNothingIsLost() throws Exception {
        TestCluster cluster = TestCluster.start(tests, "raft", TestCluster.IMPATIENT);
        ALL.forEach(id -> cluster.put(id, "from-" + id, "1"));
        Load load = new Load(cluster, true);
        try (Load running = load) {
            running.awaitMore();
            cluster.node(C).kill();
            remove(cluster, C, B);
            add(cluster);
            cluster.join(D, B);
            TestCluster.await("D votes", () -> members(cluster, A).equals("A, B, D"));
            running.awaitMore();
            // Of A, B and D two are a majority now, and D is one of them.
            cluster.node(A).kill();
            TestCluster.await("D and B go on", () -> cluster.node(D).listens());
            cluster.put(D, "without", "2");
            assertEquals(Optional.of("2"), cluster.get(B, "without"));
            cluster.node(A).start();
            cluster.node(A).awaitUrl(TestCluster.PATIENCE);
            running.awaitMore();
        }
        Map<String, Held> contents = cluster.awaitAgreement(List.of(A, B, D));
        ALL.forEach(id -> assertEquals("1", contents.remove("from-" + id).value()));
        assertEquals("2", contents.remove("without").value());
        Evidence.judge(load.history(), contents, Protocols.named("raft").promises(), tests.directory());
        cluster.node(C).start();
        cluster.node(C).awaitEnd(TestCluster.PATIENCE);
        String said = cluster.node(C).lastWords();
        assertTrue(said.contains("replica C was removed from its cluster, whose members are [A, B, D]"), said);
    }

    /** The leader may have been the one that is gone; and who wants to know again may hear that it is done. */
    private static void remove(TestCluster cluster, NodeId gone, NodeId via) {
        TestCluster.await(gone + " is no member", () -> {
            Answer answer = cluster.client(via).send("DELETE", "/members/" + gone, "");
            return answer.isSuccess() || answer.body().contains(gone + " is no member");
        });
    }

    private static void add(TestCluster cluster) throws Exception {
        List<Integer> ports = FreePorts.of(2);
        String body = "{\"node\":\"D\",\"http\":\"127.0.0.1:%d\",\"remoting\":\"127.0.0.1:%d\"}"
                .formatted(ports.get(0), ports.get(1));
        TestCluster.await("D is a learner", () -> {
            Answer answer = cluster.client(B).send("POST", "/members", body);
            return answer.isSuccess() || answer.body().contains("D is being added");
        });
    }

    private static String members(TestCluster cluster, NodeId via) {
        return Document.parse(cluster.client(via).get("/members").body()).objects("members").stream()
                .filter(member -> member.text("role").equals("voter"))
                .map(member -> member.text("node"))
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
