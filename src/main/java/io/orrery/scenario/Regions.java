package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.config.IncludePolicy;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Where replicas and clients are, and how long the way between them takes. A client lives beside one replica, in its region,
 * and pays the way to any other that it asks.
 *
 * @param source where the times come from, for people
 * @param replicas the region of each replica
 * @param times the round trips
 */
public record Regions(String source, Map<NodeId, String> replicas, RoundTrips times) {
    /**
     * Reads a file of regions for the replicas of a scenario.
     *
     * @param warnings takes a line for each probable mistake
     * @throws io.orrery.config.ConfigProblem if the file cannot be read or has mistakes; it has a line for each
     */
    public static Regions load(Path path, List<NodeId> replicas, Consumer<String> warnings) {
        return ConfigReader.readFile(
                path, IncludePolicy.STRANGER, warnings, file -> new RegionsReader(file, replicas).regions());
    }

    /** Reads a text as if it were a file of this name. */
    static Regions parse(String name, String text, List<NodeId> replicas) {
        return ConfigReader.readText(
                name, text, IncludePolicy.STRANGER, warning -> {}, file -> new RegionsReader(file, replicas).regions());
    }

    /**
     * How long a message is on its way between two regions, and within one.
     *
     * @param between for two regions, the time there and back
     * @param within the time there and back inside of a region
     * @param jitter by how much a message may take longer than half of that, drawn evenly
     */
    public record RoundTrips(Map<Pair, Duration> between, Duration within, Duration jitter) {
        /** Two regions, in either order. */
        public record Pair(String one, String other) {
            public Pair {
                if (one.compareTo(other) > 0) {
                    String first = other;
                    other = one;
                    one = first;
                }
            }
        }

        /** How long a message takes one way. */
        Delay delay(String from, String to) {
            Duration whole = from.equals(to) ? within : between.get(new Pair(from, to));
            Duration half = whole.dividedBy(2);
            return jitter.isZero() ? new Delay.Fixed(half) : new Delay.Uniform(half, half.plus(jitter));
        }
    }

    /** The regions in which there are replicas, in the order of these. */
    public List<String> names() {
        return replicas.values().stream().distinct().toList();
    }

    /**
     * The same scenario with replicas and clients in their regions. What else its links do, such as losing messages, stays.
     */
    public Scenario applyTo(Scenario scenario) {
        List<Fault.ChangeLinks> links = new ArrayList<>(scenario.links());
        replicas.forEach((from, there) -> replicas.forEach((to, here) -> {
            if (!from.equals(to)) {
                links.add(new Fault.ChangeLinks(
                        Optional.of(from), Optional.of(to), LinkChange.delay(times.delay(there, here))));
            }
        }));
        Map<String, Map<NodeId, Delay>> distances = new TreeMap<>();
        homes(scenario).forEach((client, home) -> {
            Map<NodeId, Delay> own = new TreeMap<>();
            replicas.forEach((to, there) -> own.put(to, times.delay(replicas.get(home), there)));
            distances.put(client, own);
        });
        return scenario.with(scenario.protocol(), links, scenario.workload(), scenario.steps())
                .withConditions(scenario.conditions()
                        .withClients(scenario.conditions().clients().withDistances(distances)));
    }

    /** The replica beside which each client of a scenario lives: the one that it asks first. */
    public static Map<String, NodeId> homes(Scenario scenario) {
        Map<String, NodeId> homes = new LinkedHashMap<>();
        scenario.workload()
                .ifPresent(load -> IntStream.range(0, load.clients())
                        .forEach(i -> homes.put(
                                Workload.CLIENT + (i + 1),
                                scenario.replicas().get(i % scenario.replicas().size()))));
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Ask ask) {
                homes.putIfAbsent(ask.client(), ask.via());
            }
        }
        return homes;
    }
}
