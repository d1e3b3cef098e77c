package io.orrery.http;

import static io.orrery.http.TestServer.eventually;
import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aWriteIsAppliedAtOnceAndReachesTheOthers() {
        HttpResponse<String> put = server.put("A", "/kv/x", "1");
        assertEquals(200, put.statusCode());
        assertEquals(
                "application/json", put.headers().firstValue("Content-Type").orElseThrow());
        JsonNode answer = json(put);
        assertEquals("x", answer.get("key").textValue());
        assertEquals(1, answer.get("value").intValue());
        assertTrue(answer.get("version").textValue().endsWith("@A"));
        assertEquals("A", answer.get("node").textValue());
        assertEquals("applied", answer.get("status").textValue());

        JsonNode read = json(server.get("A", "/kv/x"));
        assertEquals(answer, read);
        eventually("C has x", () -> server.value("C", "x").equals("1"));
        assertEquals("C", json(server.get("C", "/kv/x")).get("node").textValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807",
                "-9007199254740993",
                "123456789012345678901234567890.10",
                "1e400",
                "\"quotes \\\" and \\\\ and \\n\"",
                "\"\\ud800 half\"",
                "\"😀 é ☃\"",
                "{\"b\":1.50,\"a\":[null,true,{}],\"\":\"\"}",
                "null",
                "false",
                "\"\"",
            })
    void aValueComesBackAsItWentIn(String value) {
        String member = "\"value\":" + value + ",";
        assertTrue(server.put("A", "/kv/exact", value).body().contains(member));
        assertTrue(server.get("A", "/kv/exact").body().contains(member));
        assertTrue(server.get("A", "/kv").body().contains(member));
    }

    @Test
    void aNumberHasAsManyDigitsAsItLikes() {
        String digits = "9".repeat(100_000);
        assertEquals(200, server.put("A", "/kv/digits", digits).statusCode());
        assertTrue(server.get("A", "/kv/digits").body().contains("\"value\":" + digits + ","));
        // Others read all that there is, and not everybody reads such numbers.
        server.delete("A", "/kv/digits");
        eventually("B knows that it is gone", () -> {
            HttpResponse<String> gone = server.get("B", "/kv/digits");
            return gone.statusCode() == 404 && json(gone).has("version");
        });
    }

    @Test
    void whiteSpaceBetweenTokensIsNotKept() {
        server.put("A", "/kv/spaced", " { \"a b\" :\n [ 1 , 2 ] } ");
        assertEquals("{\"a b\":[1,2]}", server.value("A", "spaced"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "with space", "a+b", "100%", "é☃😀", "?q=1#f", "a//b/", "\"", "\n", "../x"})
    void aKeyIsAnyText(String key) {
        String path = "/kv/" + encoded(key);
        assertEquals(200, server.put("B", path, "7").statusCode());
        assertEquals(key, json(server.get("B", path)).get("key").textValue());
        assertEquals(200, server.delete("B", path).statusCode());
    }

    @Test
    void aKeyHasUpTo1024Bytes() {
        String longest = "é".repeat(512);
        assertEquals(200, server.put("A", "/kv/" + encoded(longest), "1").statusCode());
        assertEquals(
                longest,
                json(server.get("A", "/kv/" + encoded(longest))).get("key").textValue());
    }

    /** It stands for what is not UTF-8 where somebody decodes that, and is a character like any other where it was sent. */
    @Test
    void theReplacementCharacterIsAKey() {
        String path = "/kv/%EF%BF%BD%2F%41";
        assertEquals(200, server.put("A", path, "1").statusCode());
        HttpResponse<String> found = server.get("A", path);
        assertEquals("\uFFFD/A", json(found).get("key").textValue(), found.body());
        assertEquals(200, server.get("A", "/fetch?key=%ef%bf%bd%2FA").statusCode());
        assertEquals(200, server.delete("A", path).statusCode());
        assertEquals(400, server.put("A", "/kv/%EF%BF%BD%C3", "1").statusCode());
        assertEquals(400, server.put("A", "/kv/%EF%BF", "1").statusCode());
    }

    @Test
    void whatIsAbsentOrDeletedIsNotFound() {
        HttpResponse<String> absent = server.get("A", "/kv/never");
        assertEquals(404, absent.statusCode());
        assertEquals(
                "there is no key \"never\" at A", json(absent).get("detail").textValue());

        server.put("A", "/kv/gone", "1");
        JsonNode deleted = json(server.delete("A", "/kv/gone"));
        assertEquals("applied", deleted.get("status").textValue());
        assertFalse(deleted.has("value"));
        HttpResponse<String> gone = server.get("A", "/kv/gone");
        assertEquals(404, gone.statusCode());
        assertEquals(deleted.get("version"), json(gone).get("version"));
    }

    @Test
    void headTellsWhatGetWould() {
        server.put("A", "/kv/head", "[1,2]");
        for (String path : List.of("/kv/head", "/kv/nothing", "/kv", "/status", "/health", "/lab/links")) {
            HttpResponse<String> get = server.get("A", path);
            HttpResponse<String> head = server.send(server.request("A", path).method("HEAD", BodyPublishers.noBody()));
            assertEquals(get.statusCode(), head.statusCode(), path);
            assertEquals("", head.body());
            assertEquals(
                    get.headers().firstValue("Content-Type"), head.headers().firstValue("Content-Type"));
            assertTrue(head.headers().firstValueAsLong("Content-Length").orElse(0) > 0, path);
        }
        HttpResponse<String> events =
                server.send(server.request("A", "/events").method("HEAD", BodyPublishers.noBody()));
        assertEquals(200, events.statusCode());
        HttpResponse<String> wrong =
                server.send(server.request("A", "/lab/heal").method("HEAD", BodyPublishers.noBody()));
        assertEquals(405, wrong.statusCode());
    }

    @Test
    void allDataIsSortedByKeyAndHasNothingDeleted() {
        server.put("B", "/kv/sort-b", "2");
        server.put("B", "/kv/sort-a", "1");
        server.put("B", "/kv/sort-c", "3");
        server.delete("B", "/kv/sort-c");
        JsonNode answer = json(server.get("B", "/kv"));
        assertEquals("B", answer.get("node").textValue());
        StringBuilder keys = new StringBuilder();
        for (JsonNode item : answer.get("data")) {
            if (item.get("key").textValue().startsWith("sort-")) {
                keys.append(item.get("key").textValue())
                        .append('=')
                        .append(item.get("value"))
                        .append(' ');
                assertTrue(item.get("version").textValue().endsWith("@B"));
            }
        }
        assertEquals("sort-a=1 sort-b=2 ", keys.toString());
    }

    @Test
    void aValueOfTheGreatestSizeIsTaken() {
        String value = "\"" + "x".repeat((1 << 20) - 2) + "\"";
        assertEquals(200, server.put("A", "/kv/large", value).statusCode());
        assertEquals(value, server.value("A", "large"));
        assertEquals(200, server.delete("A", "/kv/large").statusCode());
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
