package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.FreePorts;
import io.orrery.live.BindFailure;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Three nodes that form a cluster, in one process for once. */
@Execution(ExecutionMode.CONCURRENT)
class ClusterNodesTest {
    private static final List<String> IDS = List.of("A", "B", "C");

    @TempDir
    private Path directory;

    private final Map<String, Integer> remoting = new TreeMap<>();
    private final Map<String, Server> running = new HashMap<>();

    ClusterNodesTest() throws IOException {
        List<Integer> ports = FreePorts.of(IDS.size());
        for (int i = 0; i < IDS.size(); i++) {
            remoting.put(IDS.get(i), ports.get(i));
        }
    }

    @AfterEach
    void end() {
        running.values().forEach(ClusterNodesTest::stop);
    }

    private static void stop(Server server) {
        server.stop().toCompletableFuture().join();
    }

    private Deployment deployment(String protocol) throws IOException {
        return deployment(protocol, "on");
    }

    private Deployment deployment(String protocol, String lab) throws IOException {
        String replicas = remoting.entrySet().stream()
                .map(entry -> "{ id = " + entry.getKey() + ", http { port = 0 }, remoting { port = " + entry.getValue()
                        + " } }")
                .collect(Collectors.joining(", ", "[", "]"));
        Path file = Files.writeString(
                directory.resolve("test.conf"),
                "protocol = " + protocol + "\nlab = " + lab + "\nreplicas = " + replicas
                        + "\nanti-entropy { interval = 200ms, patience = 10ms }\n");
        return DeploymentLoader.load(file).durableByDefault().withData(directory.resolve("data"));
    }

    private void start(String id) throws Exception {
        start(id, deployment("lamport-lww"));
    }

    private void start(String id, Deployment deployment) throws BindFailure {
        running.put(id, Server.startNode(deployment, NodeId.of(id), Optional.empty()));
    }

    private RestClient client(String id) {
        return new RestClient("http://" + running.get(id).addresses().get(NodeId.of(id)));
    }

    private boolean isReady(String id) {
        return client(id).get("/ready").isSuccess();
    }

    private String state(String id) {
        RestClient.Answer answer = client(id).get("/ready");
        return answer.isSuccess() ? "ready" : Document.parse(answer.body()).text("state");
    }

    /** The nodes that a node takes for members that it reaches, with their addresses. */
    private String members(String id) {
        return Document.parse(client(id).get("/status").body()).objects("members").stream()
                .filter(it ->
                        it.text("reachable").equals("true") && it.text("status").equals("up"))
                .map(it -> it.text("node") + "@" + it.text("address").replaceAll(".*:", ""))
                .collect(Collectors.joining(" "));
    }

    private String allMembers() {
        return remoting.entrySet().stream()
                .map(entry -> entry.getKey() + "@" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    private void put(String id, String key, String value) {
        client(id).send("PUT", "/kv/" + key, value).requireSuccess();
    }

    private boolean has(String id, String key, String value) {
        RestClient.Answer answer = client(id).get("/kv/" + key);
        return answer.isSuccess() && Document.parse(answer.body()).text("value").equals(value);
    }

    private void startAll() throws Exception {
        for (String id : List.of("C", "A", "B")) {
            start(id);
        }
        for (String id : IDS) {
            eventually(id + " is ready", () -> isReady(id));
            eventually(id + " sees all", () -> members(id).equals(allMembers()));
        }
    }

    @Test
    void nodesFindEachOtherInWhateverOrderTheyAreStarted() throws Exception {
        startAll();
        for (String id : IDS) {
            put(id, "from-" + id, "1");
        }
        for (String id : IDS) {
            for (String from : IDS) {
                eventually(id + " has what " + from + " wrote", () -> has(id, "from-" + from, "1"));
            }
        }
    }

    @Test
    void aNodeMayComeBackUnderANewAddress() throws Exception {
        startAll();
        put("B", "x", "1");
        eventually("C has it", () -> has("C", "x", "1"));
        stop(running.remove("C"));
        put("A", "x", "2");
        remoting.put("C", FreePorts.of(1).get(0));
        // The other two know nothing of the new file.
        start("C");
        eventually("C is ready", () -> isReady("C"));
        eventually("C has found what it missed", () -> has("C", "x", "2"));
        eventually("A sees where C is", () -> members("A").equals(allMembers()));
        put("C", "y", "3");
        eventually("C is heard", () -> has("A", "y", "3"));
    }

    @Test
    void anyNodeTakesOrdersForAnyLinkAndReplica() throws Exception {
        startAll();
        client("B")
                .send("PUT", "/lab/links", "{\"from\":\"A\",\"to\":\"C\",\"cut\":true}")
                .requireSuccess();
        put("A", "x", "1");
        eventually("B has it", () -> has("B", "x", "1"));
        String links = client("C").get("/lab/links").body();
        assertEquals(
                List.of("true", "false"),
                Document.parse(links).objects("links").stream()
                        .filter(it -> it.text("from").equals("A"))
                        .filter(it -> !it.text("to").equals("A"))
                        .sorted((a, b) -> b.text("to").compareTo(a.text("to")))
                        .map(it -> it.text("cut"))
                        .toList());
        String down = client("B").send("POST", "/lab/replicas/A/crash", "").body();
        assertEquals("down", Document.parse(down).text("state"));
        assertEquals(503, client("A").get("/kv/x").status());
        assertTrue(client("A").get("/health").isSuccess(), "the node itself is up");
        String up = client("C").send("POST", "/lab/replicas/A/restart", "").body();
        assertEquals("running", Document.parse(up).text("state"));
        assertTrue(has("A", "x", "1"), "what it had is there again");
        client("C").send("POST", "/lab/heal", "{}").requireSuccess();
        put("A", "x", "2");
        eventually("C hears A again", () -> has("C", "x", "2"));
    }

    @Test
    void aNodeThatComesLaterLearnsWhatTheLinksAreLike() throws Exception {
        start("A");
        start("B");
        eventually("B is ready", () -> isReady("B"));
        eventually("they see each other", () -> members("A").split(" ").length == 2);
        client("A").send("POST", "/lab/isolate", "{\"replica\":\"C\"}").requireSuccess();
        start("C");
        eventually("C is ready", () -> isReady("C"));
        eventually(
                "C knows that it is isolated",
                () -> client("C")
                        .get("/lab/links")
                        .body()
                        .matches(".*\"from\":\"C\",\"to\":\"A\"[^}]*\"partitioned\":true.*"));
        put("C", "x", "1");
        client("B").send("POST", "/lab/heal", "{}").requireSuccess();
        eventually("after heal", () -> has("A", "x", "1"));
    }

    @Test
    void anOrderForANodeThatIsNotThereIsRefused() throws Exception {
        start("A");
        eventually("A is ready", () -> isReady("A"));
        RestClient.Answer answer = client("A").send("POST", "/lab/replicas/B/crash", "");
        assertEquals(503, answer.status());
        assertTrue(answer.body().contains("node B is not reached now"), answer.body());
    }

    @Test
    void aNodeWhoseLabIsOffObeysNobody() throws Exception {
        start("A");
        start("B", deployment("lamport-lww", "off"));
        eventually("they see each other", () -> members("A").split(" ").length == 2);
        RestClient.Answer crash = client("A").send("POST", "/lab/replicas/B/crash", "");
        assertEquals(503, crash.status());
        assertTrue(crash.body().contains("the lab is off"), crash.body());
        client("A").send("POST", "/lab/isolate", "{\"replica\":\"B\"}").requireSuccess();
        put("B", "x", "1");
        eventually("B sends as before", () -> has("A", "x", "1"));
    }

    @Test
    void aNodeOfAnotherDeploymentIsKeptOut() throws Exception {
        start("A");
        start("C");
        eventually("A and C are a majority", () -> isReady("A") && members("A").split(" ").length == 2);
        put("A", "x", "1");
        start("B", deployment("leader-quorum"));
        eventually("B is kept out", () -> state("B").equals("kept-out"));
        assertEquals("", members("B"), "B is a member of nothing");
        for (RestClient.Answer answer : List.of(
                client("B").get("/ready"),
                client("B").get("/kv/x"),
                client("B").send("PUT", "/kv/x", "2"),
                client("B").send("DELETE", "/kv/x", ""))) {
            assertEquals(503, answer.status(), answer.body());
            assertTrue(answer.body().contains("its protocol is lamport-lww, here it is leader-quorum"), answer.body());
        }
        put("A", "x", "3");
        assertTrue(isReady("A"), "who has a majority goes on");
    }

    /** As when its disk has failed: the node goes on without it. */
    @Test
    void aReplicaThatIsDownIsNotReachedThoughItsNodeIs() throws Exception {
        for (String id : IDS) {
            start(id, deployment("leader-quorum"));
        }
        for (String id : IDS) {
            eventually(id + " is ready", () -> isReady(id));
        }
        client("A").send("POST", "/lab/replicas/A/crash", "").requireSuccess();
        eventually("B hears of it", () -> state("B").equals("waiting"));
        assertTrue(client("B").get("/ready").body().contains("not reached: A"));
        assertTrue(client("B").get("/ready?for=reads").isSuccess());
        stop(running.remove("C"));
        start("C", deployment("leader-quorum"));
        eventually("C hears of it that comes later", () -> state("C").equals("waiting"));
        client("A").send("POST", "/lab/replicas/A/restart", "").requireSuccess();
        eventually("B hears that the leader is there again", () -> isReady("B"));
        eventually("and so does C", () -> isReady("C"));

        client("A").send("POST", "/lab/replicas/B/crash", "").requireSuccess();
        stop(running.remove("C"));
        start("C", deployment("leader-quorum"));
        eventually("C waits for no word of a replica that is down", () -> isReady("C"));
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            remoting.put("A", taken.getLocalPort());
            Exception failure = assertThrows(BindFailure.class, () -> start("A"));
            assertEquals(
                    "port " + taken.getLocalPort() + " is in use: replica A cannot listen on 127.0.0.1:"
                            + taken.getLocalPort(),
                    failure.getMessage());
        }
        assertFalse(running.containsKey("A"));
    }
}
