package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.protocol.Protocols;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The benchmark measures what it says, and tells of as many rounds as it has announced. */
class SimulationBenchmarkTest {
    @Test
    void measuresMessagesAndWorlds() {
        List<String> progress = new CopyOnWriteArrayList<>();
        SimulationBenchmark benchmark =
                new SimulationBenchmark(Protocols.named("lamport-lww"), 1, Duration.ofMillis(1), 1);
        List<SimulationBenchmark.Figure> figures = benchmark.run(progress::add);
        assertEquals(benchmark.steps(), progress.size(), progress.toString());
        figures.forEach(figure -> {
            assertTrue(figure.rates().lowest() > 0, figure.toString());
            assertTrue(progress.contains(figure.name()), figure.toString());
        });
    }
}
