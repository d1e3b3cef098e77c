package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.history.HistoryReader;
import io.orrery.live.Readiness;
import io.orrery.model.NodeId;
import io.orrery.report.TraceText;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This version opens what each release left on disks: the directory of a replica of {@code lamport-lww} to which clients wrote
 * x twice, y and long, and of which they deleted y; the history of that; and a scenario with its trace at seed 1. The script
 * {@code keep.sh} makes them.
 */
@Timeout(60)
class ReleasesTest {
    @TempDir
    private Path data;

    static List<Path> releases() throws IOException {
        try (Stream<Path> releases = Files.list(Path.of("src", "test", "resources", "releases"))) {
            return releases.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void itsDataDirectoryOpens(Path release) throws Exception {
        Path replica = Files.createDirectories(data.resolve("replica-A"));
        try (Stream<Path> files = Files.list(release.resolve("replica-A"))) {
            for (Path file : files.toList()) {
                Files.copy(file, replica.resolve(file.getFileName()));
            }
        }
        Path file = Files.writeString(data.resolve("deployment.conf"), """
                protocol = lamport-lww
                journal = rocksdb
                data = "%s"
                replicas = [{ id = A, http { port = 0 } }]
                """.formatted(data));
        Server server = Server.start(DeploymentLoader.load(file));
        try {
            RestClient client = new RestClient("http://" + server.addresses().get(NodeId.of("A")));
            server.whenAll(Readiness::isReady).toCompletableFuture().join();
            Document x = Document.parse(client.get("/kv/x").requireSuccess().body());
            assertEquals("\"two\"", x.text("value"));
            assertEquals(404, client.get("/kv/y").status());
            assertEquals(200, client.get("/kv/long").status());
            assertEquals(200, client.send("PUT", "/kv/y", "4").status());
        } finally {
            server.stop().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void itsHistoryIsJudged(Path release) throws IOException {
        Map<Model, Verdict> verdicts = Checker.check(
                HistoryReader.read(release.resolve("history.jsonl")),
                List.of(Model.LINEARIZABLE),
                CheckOptions.DEFAULT);
        assertEquals("holds", verdicts.get(Model.LINEARIZABLE).word());
    }

    @ParameterizedTest
    @MethodSource("releases")
    void itsScenarioHasItsTrace(Path release) throws IOException {
        Trace trace = new Trace();
        try (Simulation simulation = Simulation.start()) {
            ScenarioRunner.run(simulation, ScenarioLoader.load(release.resolve("scenario.conf")), 1, trace);
        }
        assertEquals(
                Files.readString(release.resolve("trace.txt")).strip(),
                String.join("\n", TraceText.lines(trace.events())).strip());
    }
}
