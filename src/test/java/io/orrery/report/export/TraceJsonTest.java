package io.orrery.report.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TraceJsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static List<JsonNode> parse(Traced traced) throws JsonProcessingException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : TraceJson.lines(traced.events())) {
            events.add(MAPPER.readTree(line));
        }
        return events;
    }

    /** Programs depend on these names: they are in exports.md, and a change to them breaks those programs. */
    @Test
    void eachKindOfEventHasTheFieldsThatThePageTells() throws IOException {
        SortedMap<String, SortedSet<String>> fields = new TreeMap<>();
        for (String scenario : List.of("lamport-outage", "vector-causal-chain", "cops-superseded", "raft-election")) {
            for (JsonNode event : parse(Traced.file(scenario))) {
                event.fieldNames()
                        .forEachRemaining(name -> fields.computeIfAbsent(
                                        event.get("event").textValue(), key -> new TreeSet<>())
                                .add(name));
            }
        }
        for (JsonNode event : parse(Traced.text("""
                protocol = lamport-lww
                replicas = [A, B]
                clients { loss = 0.4, duplicate = 0.5, retries = 20, timeout = 1s }
                steps = [{ at = 0s, pause = A }, { at = 1s, resume = A }]
                workload { operations = 20, reads = 0 }
                """))) {
            event.fieldNames()
                    .forEachRemaining(
                            name -> fields.computeIfAbsent(event.get("event").textValue(), key -> new TreeSet<>())
                                    .add(name));
        }
        for (JsonNode event :
                parse(Traced.text(Zoo.named("acknowledged-before-synced").scenario()))) {
            event.fieldNames()
                    .forEachRemaining(
                            name -> fields.computeIfAbsent(event.get("event").textValue(), key -> new TreeSet<>())
                                    .add(name));
        }
        SortedMap<String, SortedSet<String>> told = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("src/site/markdown/exports.md"))) {
            if (line.startsWith("| `") && line.contains("` | `")) {
                String[] cells = line.split("\\|");
                SortedSet<String> names = new TreeSet<>(List.of("event", "nanos"));
                Stream.of(cells[2].replace("`", "").split(","))
                        .map(String::strip)
                        .forEach(names::add);
                told.put(cells[1].replace("`", "").strip(), names);
            }
        }
        assertEquals(told, fields);
    }

    @Test
    void valuesAreTheJsonThatTheyAre() throws JsonProcessingException {
        List<JsonNode> events = parse(Traced.text("""
                protocol = lamport-lww
                replicas = [A, B]
                steps = [
                  { at = 0s, via = A, client = alice, put = { key = x, value = { a = [1, "b"] } } }
                  { at = 1s, via = B, client = bob, get = y }
                ]
                """));
        JsonNode value = MAPPER.readTree("{\"a\":[1,\"b\"]}");
        JsonNode applied = events.stream()
                .filter(it -> it.get("event").textValue().equals("applied"))
                .findFirst()
                .orElseThrow();
        assertEquals(value, applied.at("/update/value"));
        assertEquals("1@A", applied.at("/update/version").textValue());
        List<JsonNode> returned = events.stream()
                .filter(it -> it.get("event").textValue().equals("returned"))
                .toList();
        assertEquals(value, returned.get(0).at("/operation/value"));
        assertEquals("applied", returned.get(0).at("/outcome/status").textValue());
        assertTrue(returned.get(1).at("/outcome/value").isMissingNode(), "there is no y");
    }
}
