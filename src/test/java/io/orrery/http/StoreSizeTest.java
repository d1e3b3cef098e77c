package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.orrery.deployment.Deployment;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a client sees of a store that is full. */
class StoreSizeTest {
    private static final long LIMIT = 20_000;
    private static final String KILOBYTE = "\"" + "v".repeat(998) + "\"";

    private static HttpResponse<String> put(TestServer server, String path) {
        return server.sendAsync(server.request("A", path)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(KILOBYTE)))
                .join();
    }

    @Test
    void aWriteThatHasNoRoomIsAProblemAndAllElseGoesOn() {
        Deployment.Limits usual = Deployment.Limits.DEFAULT;
        Deployment.Limits limits = new Deployment.Limits(
                usual.valueBytes(),
                usual.openRequests(),
                usual.mailbox(),
                usual.requestTimeout(),
                usual.events(),
                usual.connections(),
                Optional.of(LIMIT));
        try (TestServer server = TestServer.start(limits, true)) {
            HttpResponse<String> last = put(server, "/kv/k0");
            for (int i = 1; last.statusCode() == 200; i++) {
                last = put(server, "/kv/k" + i);
            }
            assertEquals(507, last.statusCode(), last.body());
            JsonNode problem = TestServer.json(last);
            assertEquals("Insufficient Storage", problem.get("title").textValue());
            assertTrue(
                    problem.get("detail")
                            .textValue()
                            .matches("the store of replica A is full: it takes 1\\d{4} of 20000"
                                    + " bytes of memory \\(store-size\\), and this needs 1\\d{3} more; reads and deletes of what is"
                                    + " there go on"),
                    last.body());
            JsonNode status = TestServer.json(server.get("A", "/status"));
            assertEquals(LIMIT, status.get("storeLimit").longValue());
            long bytes = status.get("storeBytes").longValue();
            assertTrue(bytes > LIMIT - 2_000 && bytes <= LIMIT, status.toString());
            assertEquals(false, status.get("lacksRoom").booleanValue());
            String metrics = server.get("A", "/metrics").body();
            assertTrue(metrics.contains("orrery_store_bytes{node=\"A\"} " + (double) bytes), metrics);
            assertTrue(metrics.contains("orrery_store_limit_bytes{node=\"A\"} 20000.0"), metrics);
            assertTrue(metrics.contains("orrery_store_lacks_room{node=\"A\"} 0.0"), metrics);

            assertEquals(200, server.get("A", "/kv/k1").statusCode());
            HttpResponse<String> deleted =
                    server.sendAsync(server.request("A", "/kv/k1").DELETE()).join();
            assertEquals(200, deleted.statusCode());
            assertEquals(
                    200,
                    server.sendAsync(server.request("A", "/kv/k2").DELETE())
                            .join()
                            .statusCode());
            assertEquals(200, put(server, "/kv/new").statusCode());
        }
    }
}
