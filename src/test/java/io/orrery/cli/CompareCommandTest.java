package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compare prints agrees with its schema and its files, and clients pay the way to a leader. */
class CompareCommandTest {
    private static final String REGIONS = """
            source = test
            regions = [here, there]
            within = 2ms
            round-trips = [{ between = [here, there], time = 100ms }]
            """;

    private static final String CALM = """
            protocol = leader-quorum
            replicas = [A, B]
            workload { operations = 40, keys = 2, think-time = "exponential(20ms)", redirects = true }
            """;

    private static final String BESIDES = """
            protocol = leader-quorum
            replicas = [A, B, C]
            workload { clients = 3, operations = 250, keys = 3, think-time = "exponential(20ms)" }
            clients { timeout = 200ms }
            steps = [
              { at = 200ms, isolate = C }
              { at = 700ms, heal = all }
              { at = 1000ms, crash = B }
              { at = 1200ms, restart = B }
            ]
            """;

    @TempDir
    private Path directory;

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static JsonNode json(Ran ran) throws IOException {
        assertEquals(ExitCode.OK, ran.exitCode(), ran.err());
        JsonNode json = new ObjectMapper().readTree(ran.out());
        assertEquals(List.of(), JsonShape.problems("compare.schema.json", json));
        return json;
    }

    private JsonNode twoUnderFaults() throws IOException {
        return json(run(
                "compare",
                file("besides.conf", BESIDES).toString(),
                "--protocol",
                "primary-linearizable,vector-causal",
                "--seeds",
                "2",
                "--json"));
    }

    @Test
    void clientsPayTheWayToALeaderAndToTheirReplica() throws IOException {
        JsonNode json = json(run(
                "compare",
                file("calm.conf", CALM).toString(),
                "--regions",
                file("regions.conf", REGIONS).toString(),
                "--protocol",
                "leader-quorum,vector-causal",
                "--seeds",
                "2",
                "--json"));
        Map<String, JsonNode> byPlace = new TreeMap<>();
        json.get("regions")
                .forEach(row -> byPlace.put(
                        row.get("protocol").asText() + " " + row.get("region").asText(), row));
        JsonNode causal = byPlace.get("vector-causal there");
        assertEquals(2, causal.get("writeP50Millis").asDouble(), 0.01, "the way to the replica beside it and back");
        JsonNode atLeader = byPlace.get("leader-quorum here");
        assertEquals(102, atLeader.get("writeP50Millis").asDouble(), 0.1, "and the leader waits for its follower");
        JsonNode atFollower = byPlace.get("leader-quorum there");
        assertEquals(
                202,
                atFollower.get("writeP50Millis").asDouble(),
                0.1,
                "the refusal beside it, the way to the leader and back, the leader's to its follower and back");
        assertEquals(2, atFollower.get("readP50Millis").asDouble(), 0.01);
    }

    @Test
    void whatIsAnsweredIsToldAroundEachFault() throws IOException {
        JsonNode json = twoUnderFaults();
        Map<String, JsonNode> faults = new TreeMap<>();
        json.get("faults")
                .forEach(row -> faults.put(
                        row.get("fault").asText() + " " + row.get("protocol").asText(), row));
        assertEquals(4, faults.size(), faults.toString());
        JsonNode causal = faults.get("isolate C vector-causal");
        assertEquals(1, causal.get("before").asDouble());
        assertEquals(1, causal.get("during").asDouble(), "every replica answers by itself");
        JsonNode linearizable = faults.get("isolate C primary-linearizable");
        assertTrue(linearizable.get("before").asDouble() > 0.9, "but for those under way: " + linearizable);
        assertTrue(linearizable.get("during").asDouble() < 0.6, "writes wait for all: " + linearizable);
        assertEquals(1, faults.get("crash B vector-causal").get("during").asDouble(), "at the replicas that are up");
    }

    @Test
    void sentencesSayWhatTheFiguresSay() throws IOException {
        JsonNode json = twoUnderFaults();
        Map<String, String> advice = new TreeMap<>();
        json.get("advice")
                .forEach(row -> advice.put(
                        row.get("protocol").asText(), row.get("sentence").asText()));
        json.get("figures").forEach(row -> {
            String sentence = advice.get(row.get("protocol").asText());
            for (String model : row.get("held").asText().split(", ")) {
                boolean isPromised = sentence.contains(model) && !sentence.contains(model + " (not promised)");
                assertEquals(List.of(row.get("promised").asText().split(", ")).contains(model), isPromised, sentence);
            }
            assertEquals(row.get("stale").asDouble() > 0, sentence.contains("must see the newest write"), sentence);
        });
        String linearizable = advice.get("primary-linearizable");
        String causal = advice.get("vector-causal");
        assertTrue(linearizable.contains("must go on during isolate C"), linearizable);
        assertTrue(causal.contains("answers during each fault (100.0 %)"), causal);
        assertTrue(causal.contains("writes as quick as any"), causal);
        assertFalse(linearizable.contains("writes as quick as any"), linearizable);
    }

    @Test
    void allProtocolsAreComparedWithinAHundredColumnsAndKeptAsAPage() throws IOException {
        Ran ran = run(
                "compare",
                "--seeds",
                "1",
                "--operations",
                "30",
                "--protocol",
                "all",
                "--regions",
                "conf/regions/ibm-cloud.conf",
                "--out",
                directory.toString());
        assertEquals(ExitCode.OK, ran.exitCode(), ran.err());
        ran.out()
                .lines()
                .filter(line -> !line.startsWith("command ") && !line.startsWith("kept in "))
                .forEach(line -> assertTrue(line.length() <= 100, line));
        Path kept = directory.resolve("compare").resolve("latest");
        String page = Files.readString(kept.resolve("figures.html"));
        Protocols.all().forEach(protocol -> assertTrue(page.contains(protocol.name()), protocol.name()));
        assertTrue(page.contains("<img src=\"compare.svg\""), page);
        for (String name : List.of("compare.svg", "figures.csv", "regions.csv", "faults.csv", "advice.csv")) {
            assertTrue(Files.size(kept.resolve(name)) > 0, name);
        }
        assertEquals(
                1 + Protocols.all().size() * 5,
                Files.readAllLines(kept.resolve("regions.csv")).size());
    }

    @Test
    void badInputIsNamedAndNothingIsWritten() throws IOException {
        Path out = directory.resolve("out");
        Path regions = file("bad.conf", REGIONS.replace("100ms", "-5ms"));
        String scenario = file("calm.conf", CALM).toString();
        Ran ran = run("compare", scenario, "--regions", regions.toString(), "--out", out.toString());
        assertEquals(ExitCode.USAGE, ran.exitCode());
        assertTrue(ran.err().startsWith(regions + ":4: "), ran.err());
        assertTrue(ran.err().contains("0 or more, not -5ms"), ran.err());
        assertEquals("", ran.out());
        assertFalse(Files.exists(out));
        for (String[] wrong : new String[][] {
            {"--protocol", "raft,vector-casual", "vector-causal"},
            {"--seeds", "0", "--seeds is 1 or more, not 0"},
            {"--regions", "missing.conf", "missing.conf: there is no such file"}
        }) {
            Ran refused = run("compare", scenario, wrong[0], wrong[1], "--out", out.toString());
            assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
            assertTrue(refused.err().contains(wrong[2]), refused.err());
            assertFalse(Files.exists(out));
        }
    }

    @Test
    void theEarlierNameStillDoesTheSame() throws IOException {
        String scenario = file("calm.conf", CALM).toString();
        List<JsonNode> both = Stream.of(
                        run("bench", "frontier", "--scenario", scenario, "--seeds", "1", "--json"),
                        run("compare", scenario, "--seeds", "1", "--json"))
                .map(ran -> {
                    try {
                        return json(ran);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        assertEquals(both.get(0).get("figures"), both.get(1).get("figures"));
    }
}
