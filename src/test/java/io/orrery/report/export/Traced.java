package io.orrery.report.export;

import io.orrery.check.Model;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.TraceEvent;
import java.nio.file.Path;
import java.util.List;

/** A run with all that happened in it. */
record Traced(Run run, List<TraceEvent> events) {
    static Traced file(String name) {
        return of(ScenarioLoader.load(Path.of("scenarios", name + ".conf")));
    }

    static Traced text(String scenario) {
        return of(ScenarioLoader.parse("test.conf", scenario));
    }

    private static Traced of(Scenario scenario) {
        Trace trace = new Trace();
        try (Simulation simulation = Simulation.start()) {
            Run run = ScenarioRunner.run(simulation, scenario, 1, trace, List.of(Model.values()));
            return new Traced(run, trace.events());
        }
    }
}
