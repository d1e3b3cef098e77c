package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryReader;
import io.orrery.history.Op;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HistoryLogTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("history.jsonl");
    }

    private TestServer start(String protocol) {
        return TestServer.recording(Protocols.named(protocol), file());
    }

    private List<String> processes() throws IOException {
        return HistoryReader.read(file()).ops().stream().map(Op::process).toList();
    }

    private static String put(TestServer server, String node, String client, String session) {
        var request = server.request(node, "/kv/x").header("Content-Type", "application/json");
        if (!client.isEmpty()) {
            request.header("Orrery-Client", client);
        }
        if (!session.isEmpty()) {
            request.header("Orrery-Session", session);
        }
        HttpResponse<String> answer = server.send(request.PUT(BodyPublishers.ofString("1")));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.headers().firstValue("Orrery-Session").orElse("");
    }

    @Test
    void anOperationIsInTheFileWhenItsAnswerIsSent() throws IOException {
        try (TestServer server = start("lamport-lww")) {
            put(server, "A", "alice", "");
            assertEquals(2, Files.readAllLines(file()).size());
            server.get("A", "/kv/x");
            server.get("A", "/kv/nothing");
            List<String> words = HistoryReader.read(file()).ops().stream()
                    .map(op -> op.words().replaceFirst("^http \\d", "someone"))
                    .toList();
            assertEquals(
                    List.of(
                            "alice wrote x = 1 at version 1@A",
                            "someone read x = 1 at version 1@A",
                            "someone read nothing = nothing"),
                    words);
        }
    }

    @Test
    void whoGivesANameKeepsItAtEveryReplica() throws IOException {
        try (TestServer server = start("lamport-lww")) {
            put(server, "A", "alice", "");
            put(server, "B", "alice", "");
            put(server, "B", "bob", "");
        }
        assertEquals(List.of("alice", "alice", "bob"), processes());
    }

    @Test
    void elseAConnectionIsAClient() throws IOException {
        try (TestServer server = start("lamport-lww")) {
            server.get("A", "/kv/x");
            server.get("A", "/kv/x");
            server.get("B", "/kv/x");
        }
        assertEquals(List.of("http 1", "http 1", "http 2"), processes());
    }

    @Test
    void whoDoesNotBringTheSessionBackIsAnotherClient() throws IOException {
        try (TestServer server = start("vector-causal")) {
            String first = put(server, "A", "", "");
            String second = put(server, "A", "", first);
            assertNotEquals(first, second);
            put(server, "A", "", first);
            put(server, "A", "", "");
        }
        assertEquals(List.of("http 1", "http 1", "http 2", "http 3"), processes());
    }

    @Test
    void aNameThatCannotBeOneIsRefusedAndLeavesNoTrace() throws IOException {
        try (TestServer server = start("lamport-lww")) {
            HttpResponse<String> answer = server.send(server.request("A", "/kv/x")
                    .header("Orrery-Client", "http 1")
                    .GET());
            assertEquals(400, answer.statusCode());
        }
        assertEquals(List.of(), processes());
    }

    @Test
    void clientsAtOneReplicaAllAtOnceMakeAHistoryThatCanBeJudged() throws IOException {
        try (TestServer server = start("lamport-lww")) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                var request = server.request("A", "/kv/k" + i % 3)
                        .header("Orrery-Client", "client" + i % 8)
                        .header("Content-Type", "application/json");
                request = i % 2 == 0 ? request.GET() : request.PUT(BodyPublishers.ofString(String.valueOf(i)));
                answers.add(server.sendAsync(request));
            }
            answers.forEach(CompletableFuture::join);
        }
        History history = HistoryReader.read(file());
        assertEquals(200, history.ops().size());
        assertTrue(history.ops().stream().allMatch(Op::isOk));
        assertEquals(Verdict.HOLDS, Checker.check(history, Model.LINEARIZABLE, CheckOptions.DEFAULT));
        assertEquals(Verdict.HOLDS, Checker.check(history, Model.CAUSAL_CCV, CheckOptions.DEFAULT));
    }

    @Test
    void ofVeryManyClientsThoseThatAreSilentAreForgotten() throws IOException {
        try (TestServer server = start("lamport-lww")) {
            put(server, "A", "alice", "");
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < HistoryLog.MOST_CLIENTS; i++) {
                answers.add(server.sendAsync(server.request("A", "/kv/x")
                        .header("Orrery-Client", "client" + i)
                        .GET()));
                if (i % 50 == 0) {
                    answers.forEach(CompletableFuture::join);
                }
            }
            answers.forEach(CompletableFuture::join);
            put(server, "A", "alice", "");
            put(server, "A", "alice", "");
        }
        assertEquals(
                List.of("alice", "alice/2", "alice/2"),
                processes().stream().filter(it -> it.startsWith("alice")).toList());
    }
}
