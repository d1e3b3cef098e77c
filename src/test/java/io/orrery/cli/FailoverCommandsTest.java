package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What protocols answer while something has failed, and how long that takes. */
class FailoverCommandsTest {
    @TempDir
    private Path directory;

    private static JsonNode run(String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        assertEquals(ExitCode.OK, exitCode, err.toString());
        return new ObjectMapper().readTree(out.toString());
    }

    private static Map<String, JsonNode> byProtocol(JsonNode rows) {
        Map<String, JsonNode> rowOf = new TreeMap<>();
        rows.forEach(row -> rowOf.put(row.get("protocol").asText(), row));
        return rowOf;
    }

    @Test
    void aMajorityGoesOnAndALeaderIsReplaced() throws IOException {
        JsonNode json = run("bench", "failover", "--protocol", "raft,abd,leader-quorum", "--rounds", "5", "--json");
        Map<String, JsonNode> figures = byProtocol(json.get("figures"));
        assertEquals(5, figures.get("raft").get("recovered").asInt());
        double raft = figures.get("raft").get("firstP50Millis").asDouble();
        double abd = figures.get("abd").get("firstP50Millis").asDouble();
        assertTrue(abd < 100 && raft > abd && raft < 2_000, json.toString());
        assertEquals(0, figures.get("leader-quorum").get("recovered").asInt());
        assertEquals(json, run("bench", "failover", "--protocol", "raft,abd,leader-quorum", "--rounds", "5", "--json"));
    }

    @Test
    void whatIsAnsweredFollowsFromWhoIsNeeded() throws IOException {
        Path picture = directory.resolve("failover.svg");
        JsonNode json = run(
                "bench",
                "availability",
                "--protocol",
                "abd,total-order,lamport-lww",
                "--rounds",
                "1",
                "--svg",
                picture.toString(),
                "--json");
        Map<String, JsonNode> writes = byProtocol(json.get("writes"));
        assertEquals(1, writes.get("abd").get("followerCrashes").asDouble());
        assertEquals(0, writes.get("abd").get("majorityCrashes").asDouble());
        assertEquals(0, writes.get("total-order").get("followerCrashes").asDouble());
        assertEquals(
                1,
                byProtocol(json.get("reads"))
                        .get("total-order")
                        .get("followerCrashes")
                        .asDouble());
        writes.get("lamport-lww").properties().forEach(cell -> {
            if (!cell.getKey().equals("protocol")) {
                assertEquals(1, cell.getValue().asDouble(), cell.getKey());
            }
        });
        byProtocol(json.get("after"))
                .values()
                .forEach(row -> assertTrue(row.get("leaderCrashes").asDouble() > 0.99));
        assertTrue(Files.readString(picture).contains("total-order"));
    }
}
