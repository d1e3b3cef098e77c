package io.orrery.http;

import static io.orrery.http.TestServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.replica.ReplicaActor;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DataPartsTest {
    private static final String LARGE = "\"" + "é".repeat(100_000) + "\"";
    private static final int COUNT = 60;

    /** The same, whatever is asked of it. */
    private record Held(Key key, Optional<Value> value, Version version) implements Update {
        static Held of(String key, String json) {
            return new Held(Key.of(key), Optional.ofNullable(json).map(Value::new), Version.parse("1@A"));
        }
    }

    private static List<String> parts(List<Held> updates) {
        DataParts parts = DataParts.list(new ReplicaActor.Data(NodeId.of("A"), List.copyOf(updates)));
        List<String> texts = new ArrayList<>();
        parts.forEachRemaining(part -> texts.add(part.utf8String()));
        return texts;
    }

    @Test
    void whatIsSmallIsOnePart() {
        assertEquals(List.of("{\"node\":\"A\",\"data\":[]}"), parts(List.of()));
        assertEquals(List.of("{\"node\":\"A\",\"data\":[]}"), parts(List.of(Held.of("x", null))));
        assertEquals(
                List.of("{\"node\":\"A\",\"data\":[{\"key\":\"x\",\"value\":1,\"version\":\"1@A\"},"
                        + "{\"key\":\"z\",\"value\":[2],\"version\":\"1@A\"}]}"),
                parts(List.of(Held.of("x", "1"), Held.of("y", null), Held.of("z", "[2]"))));
    }

    @Test
    void aPartIsNotMuchLargerThanItsSize() throws IOException {
        List<Held> held = IntStream.range(0, 20_000)
                .mapToObj(i -> Held.of("key-" + i, i % 7 == 0 ? null : "" + i))
                .toList();
        List<String> parts = parts(held);
        assertTrue(parts.size() > 5, "parts: " + parts.size());
        for (String part : parts.subList(0, parts.size() - 1)) {
            assertTrue(part.length() >= DataParts.SIZE && part.length() < DataParts.SIZE + 100, "" + part.length());
        }
        JsonNode whole = new ObjectMapper().readTree(String.join("", parts));
        assertEquals(
                held.stream().filter(it -> it.value().isPresent()).count(),
                whole.get("data").size());
    }

    @Test
    void aPartIsMadeWhenItIsTaken() {
        List<Held> held = List.of(Held.of("x", LARGE), Held.of("y", LARGE));
        DataParts parts = DataParts.list(new ReplicaActor.Data(NodeId.of("A"), List.copyOf(held)));
        ByteString first = parts.next();
        assertTrue(first.utf8String().contains("\"x\"") && !first.utf8String().contains("\"y\""));
        assertTrue(parts.hasNext());
        assertTrue(parts.next().utf8String().endsWith("]}"));
        assertFalse(parts.hasNext());
    }

    @Test
    void aLargeStoreIsReadInPartsAsItWasWhenItWasAsked() throws IOException, InterruptedException {
        try (TestServer server = TestServer.start()) {
            for (int i = 0; i < COUNT; i++) {
                server.put("A", "/kv/" + key(i), LARGE);
            }
            HttpRequest.Builder data = server.request("A", "/kv").GET();
            byte[] whole;
            try (InputStream in = server.stream(data)) {
                byte[] head = in.readNBytes(1_000);
                // The rest is still to be made: what happens meanwhile is not in it.
                for (int i = 0; i < COUNT; i++) {
                    server.delete("A", "/kv/" + key(i));
                }
                byte[] rest = in.readAllBytes();
                whole = new byte[head.length + rest.length];
                System.arraycopy(head, 0, whole, 0, head.length);
                System.arraycopy(rest, 0, whole, head.length, rest.length);
            }
            JsonNode items = new ObjectMapper()
                    .readTree(new String(whole, StandardCharsets.UTF_8))
                    .get("data");
            assertEquals(COUNT, items.size());
            for (int i = 0; i < COUNT; i++) {
                assertEquals(key(i), items.get(i).get("key").textValue());
                assertEquals(LARGE, items.get(i).get("value").toString());
            }
            assertEquals(0, json(server.get("A", "/kv")).get("data").size());
        }
    }

    @Test
    void onlyWhatIsLargeGoesInParts() {
        try (TestServer server = TestServer.start()) {
            server.put("A", "/kv/x", "1");
            HttpResponse<String> small = server.get("A", "/kv");
            assertTrue(small.headers().firstValue("Content-Length").isPresent());
            server.put("A", "/kv/y", LARGE);
            server.put("A", "/kv/z", LARGE);
            HttpResponse<String> large = server.get("A", "/kv");
            assertEquals(
                    "chunked", large.headers().firstValue("Transfer-Encoding").orElse(""));
            assertEquals(3, json(large).get("data").size());
        }
    }

    private static String key(int i) {
        return "key-%03d".formatted(i);
    }
}
