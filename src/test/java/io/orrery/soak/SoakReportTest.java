package io.orrery.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.cli.JsonShape;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.soak.SoakResult.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakReportTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");

    @TempDir
    private Path directory;

    private Deployment deployment;

    @BeforeEach
    void load() throws IOException {
        Path conf = Files.writeString(directory.resolve("two.conf"), """
                protocol = lamport-lww
                replicas = [{ id = A, http { port = 0 } }, { id = B, http { port = 0 } }]
                """);
        deployment = DeploymentLoader.load(conf);
    }

    private SoakResult result(List<String> lost, Verdict verdict, int... millis) {
        Event begin = Event.invokeWrite(0, "p", Key.of("x"), Value.of(1));
        History history = History.of(
                List.of(begin, Event.ok(1_000_000, "p", Event.Function.WRITE, Key.of("x"), Value.of(1), null)));
        List<Round> rounds = IntStream.of(millis)
                .mapToObj(it ->
                        new Round(cut(), seconds(1), seconds(2), Duration.ofMillis(it), Duration.ofMillis(2L * it)))
                .toList();
        return new SoakResult(
                deployment,
                7,
                seconds(60),
                history,
                rounds,
                lost,
                List.of(),
                Map.of(Model.CONVERGED, verdict),
                Map.of(A, true, B, true),
                List.of(),
                false);
    }

    private static PlannedFault cut() {
        return new PlannedFault(1, Duration.ZERO, FaultKind.CUT, A, Optional.of(B), seconds(1), Duration.ZERO, false);
    }

    private static Duration seconds(int number) {
        return Duration.ofSeconds(number);
    }

    @Test
    void severalRunsAddUp() throws IOException {
        Path one = write("one.json", result(List.of(), Verdict.HOLDS, 10, 20, 30));
        Path two = write("two.json", result(List.of(), Verdict.HOLDS, 40));
        SoakSum sum = SoakSum.ofFiles(List.of(one, two));
        assertEquals("""
                protocol     runs     time  rounds  operations  acknowledged  unknown  lost  invented  equal  alive  promises  problems
                lamport-lww     2  2.0 min       4           2             2        0     0         0  yes    yes    hold             0

                from the end of a fault until writes are acknowledged through each replica, and until all show them:

                protocol     fault  rounds  writes: median      p99  everywhere: median      p99
                lamport-lww  cut         4         20.0 ms  40.0 ms             40.0 ms  80.0 ms
                """, String.join("\n", sum.lines(120)) + "\n");
        assertTrue(sum.holds());
        assertEquals(40, sum.json().at("/lamport-lww/heals/cut/writesP99Millis").asDouble());
        assertEquals(List.of(), JsonShape.problems("soak-sum.schema.json", sum.json()));
    }

    @Test
    void oneRunThatLosesSomethingSpoilsTheSum() throws IOException {
        SoakSum sum = SoakSum.ofFiles(List.of(
                write("one.json", result(List.of(), Verdict.HOLDS, 10)),
                write("two.json", result(List.of("p wrote x = 1"), Verdict.HOLDS, 10))));
        assertTrue(sum.isViolated());
        assertEquals("1", cell(sum, "lost"));
        assertEquals("hold", cell(sum, "promises"), "they are the models, by the history");
        SoakSum open = SoakSum.ofFiles(List.of(
                write("open.json", result(List.of(), new Verdict.Undecided(Verdict.Cause.TIME, "too long"), 10))));
        assertFalse(open.isViolated() || open.holds());
        assertEquals("undecided", cell(open, "promises"));
    }

    private static String cell(SoakSum sum, String column) {
        List<String> heads = List.of(sum.lines(200).get(0).strip().split(" +"));
        return sum.lines(200).get(1).strip().split(" +")[heads.indexOf(column) + (heads.indexOf(column) > 2 ? 1 : 0)];
    }

    @Test
    void jsonIsAsItsSchemaSays() throws IOException {
        SoakResult result = result(List.of("p wrote x = 1"), new Verdict.Undecided(Verdict.Cause.TIME, "too long"), 10);
        assertEquals(List.of(), JsonShape.problems("soak.schema.json", result.json()));
        try (Stream<Path> kept = Files.list(Path.of("src", "site", "soak"))) {
            for (Path file : kept.toList()) {
                assertEquals(
                        List.of(),
                        JsonShape.problems("soak.schema.json", new ObjectMapper().readTree(file.toFile())),
                        file.toString());
            }
        }
    }

    private Path write(String name, SoakResult result) throws IOException {
        return Files.writeString(directory.resolve(name), result.json().toPrettyString());
    }

    @Test
    void whatIsNoResultIsRefused() throws IOException {
        for (String text : List.of("{}", "[", "")) {
            Path file = Files.writeString(directory.resolve("other.json"), text);
            String problem = assertThrows(IllegalArgumentException.class, () -> SoakSum.ofFiles(List.of(file)))
                    .getMessage();
            assertTrue(problem.startsWith(file + ": this is not the result of a soak"), problem);
        }
    }

    @Test
    void aFolderHoldsAllThatIsKnownAndAPage() throws IOException {
        Path work = Files.createDirectory(directory.resolve("work"));
        Files.writeString(work.resolve("history.jsonl"), "");
        Files.writeString(work.resolve("nodes.log"), "");
        SoakResult result = result(List.of("<lost>"), Verdict.HOLDS, 10);
        Path folder = SoakReport.write(directory.resolve("out"), result, work, Instant.EPOCH, "./run.sh soak");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("history.edn", "history.jsonl", "nodes.log", "report.html", "result.json"),
                    files.map(it -> it.getFileName().toString()).sorted().toList());
        }
        String page = Files.readString(folder.resolve("report.html"));
        assertTrue(page.contains("cut A -&gt; B for 1s"), page);
        assertTrue(page.contains("&lt;lost&gt;"), page);
        assertTrue(SoakSum.ofFiles(List.of(folder.resolve("result.json"))).isViolated());
    }
}
