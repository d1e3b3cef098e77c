package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.orrery.codec.Extremes;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.CounterLimits;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each number and text that a client can give, at its extremes: an answer of the client's kind, and a store that goes on. */
class ExtremeInputTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<Long> NUMBERS = new ArrayList<>(Extremes.TOO_HIGH);
    private static TestServer server;

    @BeforeAll
    static void start() {
        NUMBERS.addAll(Extremes.OTHERS);
        server = TestServer.startOnFreePorts(DeploymentLoader.load(Path.of("conf", "vector-causal.conf")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theStoreGoesOn() {
        server.post("node1", "/lab/heal", "{}");
        for (String node : List.of("node1", "node2", "node3")) {
            assertEquals(200, server.get(node, "/ready").statusCode());
            assertEquals(200, server.put(node, "/kv/after", "1").statusCode());
            assertEquals(200, server.get(node, "/status").statusCode());
            assertEquals(200, server.get(node, "/metrics").statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PUT  | /kv/x          | {\"a\":[1,\"x\"]}",
                "PUT  | /store         | {\"key\":\"x\",\"value\":1}",
                "POST | /write         | {\"key\":\"x\",\"value\":\"x\"}",
                "POST | /replicate     | {\"key\":\"x\",\"value\":1}",
                "POST | /sync          | {\"key\":\"x\",\"value\":1,\"from\":\"node2\",\"clock\":{\"node2\":7,\"node3\":2}}",
                "PUT  | /lab/links     | {\"from\":\"node1\",\"to\":\"node2\",\"key\":\"k\",\"kind\":\"update\",\"delay\":\"1ms\",\"loss\":1,\"duplicate\":0,\"cut\":false}",
                "POST | /lab/partition | {\"groups\":[[\"node1\"],[\"node2\",\"node3\"]]}",
                "POST | /lab/isolate   | {\"replica\":\"node2\"}",
                "POST | /lab/heal      | {\"from\":\"node1\",\"to\":\"node2\"}",
            })
    void everyBody(String method, String path, String body) throws Exception {
        JsonNode sample = MAPPER.readTree(body);
        assertTrue(send(method, path, sample.toString()).statusCode() < 500);
        Extremes.forEachChanged(sample, NUMBERS, changed -> answersTheClient(method, path, sample.toString()));
        for (String time : List.of(
                "292y",
                "2562047h",
                "9223372036854775807ns",
                "0s",
                "-1s",
                "0s..2562047h",
                "exponential(2562047h)",
                "normal(2562047h, 2562047h)")) {
            if (sample.has("delay")) {
                ((ObjectNode) sample).set("delay", TextNode.valueOf(time));
                answersTheClient(method, path, sample.toString());
            }
        }
    }

    @Test
    void everyHeaderAndQuery() {
        for (long number : NUMBERS) {
            if (number > 0 && number <= CounterLimits.LEAP) {
                continue; // A session that may be, for which the replica waits.
            }
            for (String text : List.of(
                    "" + number, "a-" + number, "node1:" + number, "x:" + number + "@node1:1", "x:1@node1:" + number)) {
                for (String header : List.of("Orrery-Session", "Orrery-Client")) {
                    answersTheClient(server.request("node1", "/kv/x").header(header, text), header + ": " + text);
                }
                if (text.indexOf('-') < 0) { // With it, it may be a place in the events, and they have no end.
                    answersTheClient(server.request("node1", "/events").header("Last-Event-ID", text), "event " + text);
                }
                answersTheClient(server.request("node1", "/read?key=" + text.replace(":", "%3A")), "key " + text);
            }
        }
    }

    private static void answersTheClient(HttpRequest.Builder request, String what) {
        HttpResponse<String> answer = server.send(request);
        assertTrue(answer.statusCode() < 500 || answer.statusCode() == 504, () -> answer.statusCode() + " for " + what);
    }

    private static void answersTheClient(String method, String path, String body) {
        HttpResponse<String> answer = send(method, path, body);
        assertTrue(answer.statusCode() < 500, () -> answer.statusCode() + " for " + path + " " + body);
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        return server.send(server.request("node1", path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }
}
