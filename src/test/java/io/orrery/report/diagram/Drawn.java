package io.orrery.report.diagram;

import io.orrery.check.Model;
import io.orrery.protocol.ReplicaView;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.Trace;
import io.orrery.simulation.TraceEvent;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A run with its diagram.
 *
 * @param stores what the replicas that run hold at the end, by their names: versions by key
 */
record Drawn(Run run, List<TraceEvent> events, Diagram diagram, SortedMap<String, SortedMap<String, String>> stores) {
    static Drawn file(String name) {
        return of(ScenarioLoader.load(Path.of("scenarios", name + ".conf")));
    }

    static Drawn file(Path file) {
        return of(ScenarioLoader.load(file));
    }

    static Drawn text(String scenario) {
        return of(ScenarioLoader.parse("test.conf", scenario));
    }

    private static Drawn of(Scenario scenario) {
        Trace trace = new Trace();
        World[] world = new World[1];
        WorldObserver keepWorld = new WorldObserver() {
            @Override
            public void began(World begun) {
                world[0] = begun;
            }
        };
        try (Simulation simulation = Simulation.start()) {
            // Of generated load, some models would search long: only those that the scenario is about.
            List<Model> models = scenario.workload().isPresent() ? List.of() : List.of(Model.values());
            Run run = ScenarioRunner.run(simulation, scenario, 1, WorldObserver.all(keepWorld, trace), models);
            SortedMap<String, SortedMap<String, String>> stores = new TreeMap<>();
            world[0].views().forEach((replica, view) -> stores.put(replica.name(), store(view)));
            return new Drawn(run, trace.events(), DiagramBuilder.of(run, trace.events()), stores);
        }
    }

    private static SortedMap<String, String> store(ReplicaView view) {
        SortedMap<String, String> store = new TreeMap<>();
        view.forEach(it -> store.put(it.key().name(), it.version().toString()));
        return store;
    }

    /** The names of all scenarios, those of the models and of generated load among them. */
    static List<String> all() throws IOException {
        Path scenarios = Path.of("scenarios");
        try (Stream<Path> all = Files.walk(scenarios)) {
            return all.map(file -> scenarios.relativize(file).toString())
                    .filter(name -> name.endsWith(".conf"))
                    .map(name -> name.substring(0, name.length() - ".conf".length()))
                    .sorted()
                    .toList();
        }
    }
}
