package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /metrics} has, under the names that Prometheus's conventions give it, and what the dashboard asks of it. */
@Timeout(60)
class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[^}]*})? ", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE);
    private static final Pattern METRIC = Pattern.compile("\\b(?:orrery|jvm|process)_[a-z0-9_]+\\b");

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String metrics;

    @BeforeAll
    static void start() {
        server = TestServer.durable(data);
        server.put("A", "/kv/x", "1");
        server.put("A", "/kv/y", "2");
        server.delete("A", "/kv/y");
        server.get("A", "/kv/x");
        server.get("A", "/kv/none");
        server.get("A", "/no/such/route");
        metrics = server.get("A", "/metrics").body();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void requestsAreCountedByRouteAndCodeWithBuckets() {
        String labels = "code=\"%d\",method=\"%s\",node=\"A\",route=\"%s\"";
        String counts = "orrery_http_request_duration_seconds_count{" + labels + "} %d\n";
        assertTrue(metrics.contains(counts.formatted(200, "PUT", "/kv/{key}", 2)), metrics);
        assertTrue(metrics.contains(counts.formatted(200, "GET", "/kv/{key}", 1)), metrics);
        assertTrue(metrics.contains(counts.formatted(404, "GET", "/kv/{key}", 1)), metrics);
        assertTrue(metrics.contains(counts.formatted(404, "GET", Routes.NONE, 1)), metrics);
        assertTrue(
                metrics.contains("orrery_http_request_duration_seconds_bucket{code=\"200\",method=\"PUT\",node=\"A\","
                        + "route=\"/kv/{key}\",le=\"+Inf\"} 2\n"),
                metrics);
    }

    @Test
    void theReplicaTellsOfItsStoreItsPeersAndItsDisk() {
        assertTrue(metrics.contains("orrery_store_keys{node=\"A\"} 1.0\n"), metrics);
        assertTrue(metrics.contains("orrery_store_tombstones{node=\"A\"} 1.0\n"), metrics);
        assertTrue(metrics.contains("orrery_updates_held{node=\"A\"} 0.0\n"), metrics);
        for (String peer : List.of("B", "C")) {
            assertTrue(metrics.contains("orrery_peer_lag_updates{node=\"A\",peer=\"" + peer + "\"} "), metrics);
        }
        double syncs = Double.parseDouble(metrics.lines()
                .filter(line -> line.startsWith("orrery_journal_sync_seconds_count{"))
                .findFirst()
                .orElseThrow()
                .split(" ")[1]);
        assertTrue(syncs >= 1, metrics);
    }

    @Test
    void theLagOfAPeerIsWhatItLacks() {
        server.post("A", "/lab/isolate", "{\"replica\":\"C\"}");
        server.put("A", "/kv/z", "1");
        String now = server.get("A", "/metrics").body();
        server.post("A", "/lab/heal", "{}");
        assertTrue(now.matches("(?s).*orrery_peer_lag_updates\\{node=\"A\",peer=\"C\"} [1-9].*"), now);
    }

    /** https://prometheus.io/docs/practices/naming */
    @Test
    void namesAndUnitsAreThoseOfPrometheus() {
        Set<String> types =
                TYPE.matcher(metrics).results().map(it -> it.group(1)).collect(Collectors.toSet());
        for (MatchResult type : TYPE.matcher(metrics).results().toList()) {
            String name = type.group(1);
            assertTrue(name.matches("(orrery|jvm|process)(_[a-z0-9]+)+"), name);
            assertEquals(type.group(2).equals("counter"), name.endsWith("_total"), name);
            assertTrue(!name.matches(".*_(ms|millis|milliseconds|ns|nanos|us|minutes|kb|mb|percent)(_total)?"), name);
            assertTrue(metrics.contains("# HELP " + name + " "), name);
            if (Set.of("histogram", "summary").contains(type.group(2))) {
                assertTrue(name.endsWith("_seconds") || name.endsWith("_bytes"), name);
            }
        }
        assertTrue(types.size() > 20, types.toString());
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        Set<String> there =
                SAMPLE.matcher(metrics).results().map(it -> it.group(1)).collect(Collectors.toSet());
        JsonNode dashboard =
                new ObjectMapper().readTree(Files.readString(Path.of("src/site/resources/grafana-dashboard.json")));
        Set<String> asked = new TreeSet<>();
        for (JsonNode expression : dashboard.findValues("expr")) {
            List<String> names = METRIC.matcher(expression.textValue())
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertTrue(!names.isEmpty(), expression.textValue());
            asked.addAll(names);
        }
        for (String name : asked) {
            // Of collections there is nothing to tell before the first one.
            assertTrue(there.contains(name) || name.startsWith("jvm_gc_pause_"), name + " is not in " + there);
        }
        Set<String> shown = there.stream()
                .filter(it -> it.startsWith("orrery_") && !it.endsWith("_max") && !it.endsWith("_sum"))
                .map(it -> it.replaceFirst("_(bucket|count)$", ""))
                .filter(it -> asked.stream().noneMatch(name -> name.startsWith(it)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("orrery_digest_seconds"), shown, "what no panel shows");
    }
}
