package io.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The trace of each scenario at seed 1, as text: whatever changes one changes what everyone's seeds mean, and is to be
 * read in review. Of a scenario with a workload the first lines are kept, and a hash of all. To renew them on purpose:
 * {@code ./run.sh test -Dtest=GoldenTracesTest -Dtraces.renew=true}.
 */
class GoldenTracesTest {
    private static final Path KEPT = Path.of("src", "test", "resources", "traces");
    private static final int FIRST_LINES = 200;

    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    static List<Path> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("scenarios"))) {
            return files.filter(file -> file.toString().endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    private static Path kept(Path scenario) {
        return KEPT.resolve(scenario.getFileName().toString().replace(".conf", ".txt"));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void theTraceIsAsItWas(Path file) throws IOException {
        Scenario scenario = ScenarioLoader.load(file);
        Trace trace = new Trace();
        ScenarioRunner.run(simulation, scenario, 1, trace);
        List<String> lines = TraceText.lines(trace.events());
        if (scenario.workload().isPresent() && lines.size() > FIRST_LINES) {
            List<String> first = new ArrayList<>(lines.subList(0, FIRST_LINES));
            first.add("... " + lines.size() + " lines in all, with the SHA-256 " + TraceText.hash(trace.events()));
            lines = first;
        }
        Path kept = kept(file);
        if (Boolean.getBoolean("traces.renew")) {
            Files.createDirectories(KEPT);
            Files.write(kept, lines);
        }
        assertTrue(Files.exists(kept), () -> "there is no " + kept + "; the comment of this class says how it is made");
        assertEquals(String.join("\n", Files.readAllLines(kept)), String.join("\n", lines));
    }

    @Test
    void noTraceIsKeptOfAScenarioThatIsNoMore() throws IOException {
        Set<Path> expected = new TreeSet<>();
        scenarios().forEach(scenario -> expected.add(kept(scenario)));
        try (Stream<Path> files = Files.list(KEPT)) {
            assertEquals(expected, new TreeSet<>(files.toList()));
        }
    }
}
