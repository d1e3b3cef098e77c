package io.orrery.report.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.history.HistoryReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    private static final Instant AT = Instant.parse("2026-02-03T04:05:06.789Z");

    @TempDir
    private Path all;

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void noRunTakesThePlaceOfAnother() throws IOException {
        Traced traced = Traced.file("lamport-delay");
        Path first = ResultFolder.write(all, traced.run(), traced.events(), AT, "first");
        Path second = ResultFolder.write(all, traced.run(), traced.events(), AT, "second");
        Path scenario = all.resolve("lamport-delay");
        assertEquals(scenario.resolve("2026-02-03T04-05-06Z-seed1"), first);
        assertEquals(scenario.resolve("2026-02-03T04-05-06Z-seed1-2"), second);
        assertEquals("first", command(first));
        assertEquals("second", command(second));
        assertEquals("second", command(scenario.resolve("latest")));
        Path third = ResultFolder.write(all, traced.run(), AT.plusSeconds(1), "third");
        assertEquals("third", command(scenario.resolve("latest")));
        assertEquals(
                Set.of(first, second, third, scenario.resolve("latest")),
                names(scenario).stream().map(scenario::resolve).collect(Collectors.toSet()));
    }

    private static String command(Path run) throws IOException {
        JsonNode result = new ObjectMapper().readTree(run.resolve("result.json").toFile());
        return result.get("command").textValue();
    }

    @Test
    void allThatIsKnownIsKept() throws IOException {
        Traced traced = Traced.file("lamport-outage");
        Path simulated = ResultFolder.write(all, traced.run(), traced.events(), AT, "command");
        Set<String> files = Set.of("result.json", "history.jsonl", "history.edn");
        assertEquals(
                Stream.concat(
                                files.stream(),
                                Stream.of("report.html", "diagram.svg", "trace.txt", "trace.jsonl", "shiviz.log"))
                        .collect(Collectors.toSet()),
                names(simulated));
        JsonNode result =
                new ObjectMapper().readTree(simulated.resolve("result.json").toFile());
        assertEquals(AT, Instant.parse(result.get("at").textValue()));
        assertTrue(result.get("holds").booleanValue());
        // A file tells a version as people read it, without the id of the start that made it.
        String events = traced.run().history().events().toString();
        assertEquals(
                events,
                HistoryReader.read(simulated.resolve("history.jsonl")).events().toString());
        assertEquals(
                events,
                HistoryReader.read(simulated.resolve("history.edn")).events().toString());
        assertEquals(files, names(ResultFolder.write(all, traced.run(), AT, "without a trace")));
    }

    @Test
    void whateverWasCalledLatestMakesWay() throws IOException {
        // Where there can be no links, a file says which is the latest.
        Path scenario = Files.createDirectories(all.resolve("lamport-delay"));
        Files.writeString(scenario.resolve("latest"), "a run of old\n");
        Traced traced = Traced.file("lamport-delay");
        Path run = ResultFolder.write(all, traced.run(), AT, "command");
        Path latest = scenario.resolve("latest");
        assertEquals(
                run.getFileName().toString(),
                Files.isSymbolicLink(latest)
                        ? Files.readSymbolicLink(latest).toString()
                        : Files.readString(latest).strip());
    }
}
