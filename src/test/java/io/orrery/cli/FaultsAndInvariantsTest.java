package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.zoo.Zoo;
import io.orrery.zoo.kit.Exhibit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults and invariants of scenarios, as the user of {@code sim} sees them. */
class FaultsAndInvariantsTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("some.conf"), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            faults.random = [partitions] | partitions need two replicas or more, and there is A alone; it can have: crashes, wipes
            faults.random = [crashs]     | there are no random faults "crashs"; did you mean crashes?
            faults { random = [crashes], span = 2s..3s } | the run is over at 1s, so faults from 2s on can hit nothing
            invariants = [answered-onse] | no invariant of lamport-lww is called answered-onse; did you mean answered-once?
            """)
    void whatCanNeverBeIsAnErrorAtItsLine(String line, String problem) throws IOException {
        Path file = file("""
                protocol = lamport-lww
                replicas = [A]
                steps = [{ at = 1s, via = A, put = { key = x, value = 1 } }]
                %s
                """.formatted(line));
        assertEquals(ExitCode.USAGE, run("sim", file.toString()));
        assertTrue(err.toString().startsWith(file + ":4: " + problem), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void aFaultOfAReplicaThatThereIsNotIsAnErrorThatNamesThoseThatThereAre() throws IOException {
        Path file = file("""
                protocol = lamport-lww
                replicas = [Anna, Bert]
                steps = [
                  { at = 1s, clock = { replica = Zoe, ahead = 1s } }
                ]
                """);
        assertEquals(ExitCode.USAGE, run("sim", file.toString()));
        assertTrue(
                err.toString().startsWith(file + ":4: there is no replica Zoe; there are [Anna, Bert]\n"),
                err::toString);
    }

    @Test
    void aClusterRefusesWhatOnlyASimulationHas() throws IOException {
        Path random = file("""
                protocol = lamport-lww
                replicas = [A, B]
                steps = [{ at = 1s, via = A, get = x }]
                faults.random = [crashes, clocks]
                """);
        assertEquals(ExitCode.USAGE, run("sim", "--cluster", random.toString()));
        assertEquals(
                random + ":4: only in a simulation there are clocks; leave them out, or play it without --cluster\n",
                err.toString());
        Path step = Files.writeString(folder.resolve("step.conf"), """
                protocol = lamport-lww
                replicas = [A, B]
                steps = [
                  { at = 1s, clock = { replica = A, back = 2s } }
                ]
                """);
        err.getBuffer().setLength(0);
        assertEquals(ExitCode.USAGE, run("sim", "--cluster", step.toString()));
        assertEquals(
                step + ":4: the fault exists only in a simulation: clock of A jumps back by 2s; play it without"
                        + " --cluster\n",
                err.toString());
    }

    /** In the report, the trace, its form for programs, and the page. */
    @Test
    void aBreachIsExitCode1AndEverythingShowsWhereItWas() throws IOException {
        Exhibit broken = Zoo.exhibits().stream()
                .filter(it -> it.shows().equals("acknowledged-is-on-disk"))
                .findFirst()
                .orElseThrow();
        Path reports = folder.resolve("reports");
        Path file = file(broken.scenario());
        String seed = String.valueOf(broken.seed());
        assertEquals(ExitCode.NO, run("sim", file.toString(), "--seed", seed, "--trace", "--out", reports.toString()));
        String told = (out.toString() + err).replaceAll("\\s+", " ");
        assertTrue(told.contains("acknowledged-is-on-disk"), told);
        assertTrue(told.contains("When a write is acknowledged, as many disks have it as its protocol says"), told);
        Path latest = reports.resolve("some").resolve("latest");
        List<String> trace = Files.readAllLines(latest.resolve("trace.txt"));
        assertEquals(
                1,
                trace.stream()
                        .filter(line -> line.contains("invariant acknowledged-is-on-disk broken: "))
                        .count());
        for (String line : Files.readAllLines(latest.resolve("trace.jsonl"))) {
            JsonNode event = new ObjectMapper().readTree(line);
            if (event.has("invariant")) {
                assertEquals("acknowledged-is-on-disk", event.get("invariant").asText());
            }
        }
        String breach = "invariant acknowledged-is-on-disk broken";
        assertTrue(Files.readString(latest.resolve("report.html")).contains(breach), "the page");
    }

    @Tag("process")
    @Timeout(120)
    @Test
    void aClusterCarriesOutAPlanOfRandomFaults() throws IOException {
        Path file = file("""
                protocol = lamport-lww
                replicas = [A, B, C]
                workload { clients = 2, operations = 60, keys = 3, think-time = 50ms }
                steps = [{ at = 3s, via = A, put = { key = end, value = 1 }, outcome = ok }]
                faults { random = [crashes, wipes, pauses, partitions, loss, duplicates, delays], span = 0s..2500ms }
                expect { converged = true }
                """);
        int code = run("sim", "--cluster", "--json", "--seed", "3", file.toString());
        assertEquals(ExitCode.OK, code, () -> out + "" + err);
        JsonNode faults = new ObjectMapper().readTree(out.toString()).get(0).get("faults");
        int planned = 0;
        for (JsonNode kind : faults) {
            assertEquals(kind.get("planned"), kind.get("fired"), faults::toString);
            planned += kind.get("planned").asInt();
        }
        assertTrue(planned > 3, faults::toString);
    }
}
