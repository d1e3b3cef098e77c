package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimJsonTest {
    @TempDir
    private Path folder;

    @Test
    void jsonIsAsItsSchemaSays() throws IOException {
        Path story = Files.writeString(folder.resolve("story.conf"), """
                protocol = lamport-lww
                replicas = [A, B]
                links = [{ delay = 20ms }]
                steps = [
                  { at = 0s, via = A, client = alice, put = { key = x, value = 1 } }
                  { at = 5ms, via = B, client = bob, get = x, expect = 1 }
                ]
                faults { random = [loss], span = 0s..5ms }
                expect { linearizable = true, converged = true }
                """);
        StringWriter out = new StringWriter();
        int code = Main.run(
                new PrintWriter(out, true),
                new PrintWriter(new StringWriter()),
                "sim",
                story.toString(),
                "scenarios/models/causal-cc-forbids.conf",
                "--json",
                "--out",
                folder.toString());
        assertEquals(ExitCode.NO, code, out.toString());
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(List.of(), JsonShape.problems("sim.schema.json", json));
        Path kept = folder.resolve("story").resolve("latest").resolve("result.json");
        ObjectNode result = (ObjectNode) new ObjectMapper().readTree(kept.toFile());
        result.remove(List.of("at", "command"));
        assertEquals(json.get(0), result);
    }
}
