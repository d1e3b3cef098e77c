package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Limits;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.NodeId;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients of the labs "Logical clocks and replication consistency" and "Single leader, write quorum", in Python and with curl,
 * and the forms that they read, which win on the labs' own routes.
 */
@Timeout(120)
class LabClientsTest {
    private static TestServer lamport;
    private static TestServer quorum;

    @BeforeAll
    static void start() {
        lamport = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "lamport-lww.conf")));
        quorum = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "leader-quorum.conf")));
    }

    @AfterAll
    static void stop() {
        lamport.close();
        quorum.close();
    }

    @ParameterizedTest
    @CsvSource({"python3, lamport.py", "sh, lamport.sh", "python3, quorum.py", "sh, quorum.sh"})
    void clientsOfTheLabRunUnchanged(String interpreter, String client) throws Exception {
        String needed = interpreter.equals("sh") ? "curl" : interpreter;
        assumeTrue(runs(needed), "there is no " + needed + " here, which the client " + client + " needs");
        boolean isOfQuorum = client.startsWith("quorum");
        TestServer server = isOfQuorum ? quorum : lamport;
        List<String> command = new ArrayList<>(List.of(interpreter, "src/test/resources/labs/" + client));
        List<String> nodes = isOfQuorum
                ? List.of("leader", "follower1", "follower2", "follower3", "follower4", "follower5")
                : List.of("A", "B", "C");
        nodes.forEach(node -> command.add(server.url(node)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.endsWith(client + ": well\n"), said);
    }

    private static boolean runs(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatIsOfAllLabsKeepsItsFormBesideThem() {
        quorum.post("leader", "/write", "{\"key\":\"both\",\"value\":[1]}");
        JsonNode map = json(quorum.get("leader", "/data"));
        assertEquals(
                "{\"value\":[1],\"version\":1}", map.get("data").get("both").toString());
        JsonNode list = json(quorum.get("leader", "/kv"));
        assertTrue(list.get("data").toString().contains("{\"key\":\"both\",\"value\":[1],\"version\":\"1@leader\"}"));
        assertEquals(
                "1@leader",
                json(quorum.get("leader", "/kv/both")).get("version").textValue());
    }

    @Test
    void aStatusTellsOfTheFirstWritesThatAreHeldBackAndTheNumberOfAll() {
        try (TestServer server = TestServer.start(Protocols.named("vector-causal"), Limits.DEFAULT, true)) {
            // Nobody tells A from now on that what it waits for was never written; what is in flight may still tell it.
            server.post("A", "/lab/replicas/B/crash", "{}");
            server.post("A", "/lab/replicas/C/crash", "{}");
            String value = "x".repeat(10_000);
            int posted = 0;
            JsonNode status;
            do {
                HttpResponse<String> early = server.post(
                        "A",
                        "/sync",
                        "{\"key\":\"h%d\",\"value\":\"%s\",\"from\":\"B\",\"clock\":{\"B\":%d}}"
                                .formatted(posted, value, 100 + 2 * posted));
                assertEquals("buffered", json(early).get("status").textValue());
                posted++;
                status = json(server.get("A", "/status"));
            } while (status.get("heldCount").intValue() < 20 && posted < 200);
            assertEquals(20, status.get("heldCount").intValue());
            assertEquals(7, status.get("held").size(), "64 KiB, and one more");
            assertTrue(status.get("held").get(0).get("key").textValue().startsWith("h"));
        }
    }

    @Test
    void aStatusHasTheStoreUpToAThousandKeysAndTheirNumberBeyond() {
        Deployment deployment = DeploymentLoader.load(Path.of("conf", "lamport-lww.conf"));
        try (TestServer server = TestServer.startOnFreePorts(
                deployment.withReplicas(deployment.replicas().subList(0, 1)))) {
            for (int i = 0; i < 1_000; i++) {
                server.put("A", "/kv/" + i, "\"value of key " + i + "\"");
            }
            server.put("A", "/kv/gone", "1");
            server.delete("A", "/kv/gone");
            JsonNode status = json(server.get("A", "/status"));
            assertEquals(1_000, status.get("store").size());
            assertEquals(
                    "{\"value\":\"value of key 7\",\"ts\":8,\"origin\":\"A\"}",
                    status.get("store").get("7").toString());
            assertEquals(1_002, status.get("lamport").longValue());

            server.put("A", "/kv/one-more", "1");
            JsonNode larger = json(server.get("A", "/status"));
            assertTrue(larger.get("store").isNull(), larger.toString());
            assertEquals(1_001, larger.get("keys").intValue());

            server.delete("A", "/kv/7");
            server.post("A", "/lab/replicas/A/pause", "{}");
            JsonNode paused = json(server.get("A", "/status"));
            assertEquals("paused", paused.get("state").textValue());
            assertTrue(paused.get("store").isNull(), "what is not safe on disk yet may not be shown");
        }
        try (TestServer closed = TestServer.start(Deployment.Limits.DEFAULT, false)) {
            closed.put("A", "/kv/x", "1");
            assertTrue(!json(closed.get("A", "/status")).has("store"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET  | /put       | ``                                   | 405 | /put takes POST, not GET",
                "POST | /get       | ``                                   | 405 | /get takes GET, not POST",
                "GET  | /get       | ``                                   | 400 | \"key\" is missing",
                "POST | /put       | {\"key\":\"x\"}                      | 400 | \"value\" is missing",
                "POST | /put       | {\"value\":1}                        | 400 | \"key\" is missing",
                "POST | /replicate | {\"key\":\"x\",\"value\":1}          | 400 | \"origin\" is missing",
                "POST | /replicate | {\"key\":\"x\",\"value\":1,\"origin\":\"B\"} | 400 | \"ts\" is missing",
                "POST | /replicate | {\"key\":\"x\",\"value\":1,\"origin\":\"B\",\"ts\":0} | 400 | \"ts\" is a whole number, 1 or more, not 0",
                "POST | /replicate | {\"key\":\"x\",\"value\":1,\"origin\":\"B\",\"ts\":1.5} | 400 | \"ts\" is a whole number, 1 or more, not 1.5",
                "POST | /replicate | {\"key\":\"x\",\"value\":1,\"origin\":\"B\",\"ts\":9007199254740992} | 400 | is implausible",
                "POST | /replicate | {\"key\":\"x\",\"value\":1,\"origin\":\"A\",\"ts\":1} | 400 | comes from another replica, which is B or C, not from A",
                "POST | /replicate | {\"key\":\"x\",\"value\":1,\"origin\":\"D\",\"ts\":1} | 400 | comes from another replica, which is B or C, not from D",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"B\",\"clock\":{\"B\":1}} | 400 | has a version here, and no vector clock",
                "POST | /sync      | {\"key\":\"x\",\"value\":1,\"from\":\"B\"} | 400 | needs its version, the Lamport time",
            })
    void malformedInputIsAnsweredWithAProblemThatTheLabCanRead(
            String method, String path, String body, int status, String detail) {
        HttpResponse<String> answer = lamport.send(lamport.request("A", path)
                .header("Content-Type", "application/json")
                .method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body)));
        assertEquals(status, answer.statusCode(), answer.body());
        JsonNode said = json(answer);
        assertTrue(said.get("detail").textValue().contains(detail), answer.body());
        if (!path.equals("/sync")) {
            assertTrue(
                    !said.get("ok").booleanValue()
                            && said.get("error").textValue().contains(detail),
                    answer.body());
        }
        assertEquals("", lamport.value("A", "x"));
    }

    /** Two different writes never share an identity, by whomever one of them is said to be made. */
    @Test
    void whatIsMadeByHandInTheNameOfAReplicaIsNoneOfItsOwnWrites() {
        try (TestServer server =
                TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "lamport-lww.conf")))) {
            server.post("A", "/replicate", "{\"key\":\"h\",\"value\":\"by hand\",\"ts\":1,\"origin\":\"B\"}");
            server.put("B", "/kv/x", "\"B's own\"");
            server.put("B", "/kv/h", "\"B's own\"");
            for (NodeId id : List.of(NodeId.of("A"), NodeId.of("B"), NodeId.of("C"))) {
                TestServer.eventually(
                        id + " has both",
                        () -> server.value(id.name(), "x").equals("\"B's own\"")
                                && server.value(id.name(), "h").equals("\"B's own\""));
            }
            server.post("A", "/replicate", "{\"key\":\"n\",\"value\":\"by hand\",\"ts\":50,\"origin\":\"B\"}");
            server.post("A", "/lab/heal", "{}"); // They compare what they have.
            TestServer.eventually(
                    "C and B have it from A",
                    () -> server.value("C", "n").equals("\"by hand\"")
                            && server.value("B", "n").equals("\"by hand\""));
        }
    }
}
