package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.replica.ReplicaActor;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestRouteTest {
    private static final int KEYS = 300;
    private static TestServer server;

    private record Held(Key key, Optional<Value> value, Version version) implements Update {
        static Held of(String key, String json, String version) {
            return new Held(Key.of(key), Optional.ofNullable(json).map(Value::new), Version.parse(version));
        }
    }

    @BeforeAll
    static void start() {
        server = TestServer.start();
        IntStream.range(0, KEYS).forEach(i -> server.put("A", "/kv/k%03d".formatted(i), "1"));
        TestServer.eventually(
                "B has all", () -> json(server.get("B", "/status")).get("keys").intValue() == KEYS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static StoreDigest digest(List<? extends Update> updates) {
        return new StoreDigest(new ReplicaActor.Data(NodeId.of("A"), List.copyOf(updates)));
    }

    private static String whole(Held... updates) {
        StoreDigest digest = digest(List.of(updates));
        return digest.digest(digest.all());
    }

    @Test
    void theSameHasTheSameDigestInAnyOrderAndAllElseAnother() {
        Held x = Held.of("x", "1", "1@A");
        Held y = Held.of("y", "2", "1@B");
        assertEquals(whole(x, y), whole(y, x));
        List<String> others = List.of(
                whole(),
                whole(x),
                whole(x, y),
                whole(Held.of("x", "2", "1@A")),
                whole(Held.of("x", "1", "2@A")),
                whole(Held.of("x", "1", "1@B")),
                whole(Held.of("x", "1", "1@A~7~0~" + "A".repeat(21) + "A")),
                whole(Held.of("x", "1", "1@A~7~0~" + "A".repeat(21) + "Q")),
                whole(Held.of("x", null, "1@A")),
                whole(Held.of("x1", "", "1@A")),
                whole(Held.of("x", "\"\"", "1@A")));
        assertEquals(others.size(), others.stream().distinct().count(), others::toString);
    }

    /** However a store is cut, each key is in one part. */
    @Test
    void rangesAreCutIntoPartsThatCoverThem() {
        List<Held> updates = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> updates.add(Held.of("k%02d".formatted(i), "1", "1@A")));
        Collections.shuffle(updates, new Random(1));
        StoreDigest digest = digest(updates);
        StoreDigest.Range range = digest.range(Key.of("k10"), Key.of("k90"));
        assertEquals(80, range.keys());
        List<Key> cuts = digest.cuts(range, 16);
        assertEquals(15, cuts.size());
        Key last = Key.of("k10");
        int keys = 0;
        for (Key cut : cuts) {
            keys += digest.range(last, cut).keys();
            last = cut;
        }
        assertEquals(80, keys + digest.range(last, Key.of("k90")).keys());
        assertEquals(List.of(), digest.cuts(digest.range(Key.of("k10"), Key.of("k11")), 16));
        assertEquals(0, digest.range(Key.of("z"), Key.of("a")).keys());
    }

    @Test
    void replicasThatHoldTheSameAnswerTheSameOfEachPart() {
        JsonNode a = json(server.get("A", "/digest"));
        JsonNode b = json(server.get("B", "/digest"));
        assertEquals(a.get("digest"), b.get("digest"));
        assertEquals(KEYS, a.get("keys").intValue());
        JsonNode parts = ask("A", a, "").get("parts");
        assertEquals(16, parts.size());
        assertFalse(parts.get(0).has("from"));
        assertFalse(parts.get(15).has("to"));
        StringBuilder at = new StringBuilder();
        for (int i = 1; i < parts.size(); i++) {
            at.append(i > 1 ? "," : "").append(parts.get(i).get("from"));
        }
        assertEquals(parts, ask("B", b, ",\"at\":[" + at + "]").get("parts"));
        JsonNode part = parts.get(3);
        JsonNode list = ask("B", b, ",\"list\":true,\"from\":" + part.get("from") + ",\"to\":" + part.get("to"));
        assertEquals(part.get("digest"), list.get("digest"));
        assertEquals(part.get("keys").intValue(), list.get("entries").size());
        assertEquals(part.get("from"), list.get("entries").get(0).get("key"));
    }

    /** Keys have up to 1,024 bytes: `verify` could not say where replicas differ when many keys were long. */
    @Test
    void partsMayBeginAtKeysOfAnyLength() {
        JsonNode whole = json(server.get("A", "/digest"));
        StringBuilder at = new StringBuilder();
        for (char first = 'a'; first < 'p'; first++) {
            at.append(first > 'a' ? "," : "")
                    .append('"')
                    .append(first)
                    .append("x".repeat(1_023))
                    .append('"');
        }
        assertEquals(16, ask("A", whole, ",\"at\":[" + at + "]").get("parts").size());
    }

    private static JsonNode ask(String node, JsonNode whole, String members) {
        HttpResponse<String> answer =
                server.post(node, "/digest", "{\"number\":" + whole.get("number") + members + "}");
        assertEquals(200, answer.statusCode(), answer.body());
        return json(answer);
    }

    @Test
    void whatWasReadIsAskedByItsNumberUntilItIsReadAgain() {
        JsonNode first = json(server.get("C", "/digest"));
        JsonNode second = json(server.get("C", "/digest"));
        assertNotEquals(first.get("number"), second.get("number"));
        HttpResponse<String> gone = server.post("C", "/digest", "{\"number\":" + first.get("number") + "}");
        assertEquals(409, gone.statusCode());
        assertTrue(gone.body().contains("is not kept any more"), gone.body());
        ask("C", second, "");
        assertTrue(server.get("C", "/metrics")
                .body()
                .contains("orrery_digest_value{node=\"C\"} "
                        + (double)
                                Long.parseLong(second.get("digest").textValue().substring(0, 12), 16)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                      | \"number\" is missing",
                "{\"number\":\"N\",\"form\":\"a\"}       | did you mean \"from\"?",
                "{\"number\":\"N\",\"from\":\"\"}        | a key may not be empty",
                "{\"number\":\"N\",\"list\":true}        | a list has up to 256 keys, and this range has 300",
                "{\"number\":\"N\",\"at\":[\"b\",\"a\"]} | lists keys in their order",
                "{\"number\":\"N\",\"at\":[1]}           | what \"at\" lists is a text",
                "{\"number\":\"N\",\"at\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\","
                        + "\"m\",\"n\",\"o\",\"p\"]} | lists up to 15 keys, not 16",
                "[1]                                     | the body is a JSON object",
            })
    void badInputIsExplained(String body, String problem) {
        String number = json(server.get("B", "/digest")).get("number").textValue();
        HttpResponse<String> answer = server.post("B", "/digest", body.replace("N", number));
        assertEquals(400, answer.statusCode(), answer.body());
        String detail = json(answer).get("detail").textValue();
        assertTrue(detail.contains(problem), detail);
    }

    @Test
    void otherMethodsAreRefused() {
        assertEquals(405, server.put("A", "/digest", "{}").statusCode());
        assertEquals(404, server.get("A", "/digest/x").statusCode());
        assertEquals(405, server.post("A", "/backup", "{}").statusCode());
        assertEquals(404, server.get("A", "/backup/x").statusCode());
    }
}
