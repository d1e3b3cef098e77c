package io.orrery.scenario;

import io.orrery.config.ConfigProblem;
import io.orrery.config.ConfigReader;
import io.orrery.config.NameSuggestion;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Printable;
import io.orrery.scenario.Regions.RoundTrips;
import io.orrery.scenario.Regions.RoundTrips.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads a file of regions. All of its mistakes are reported at once. */
final class RegionsReader {
    private static final Duration WITHIN = Duration.ofMillis(1);

    private final ConfigReader file;
    private final List<NodeId> replicas;

    /** In the order of the file; empty if they are wrong, and then all names are accepted. */
    private final List<String> names;

    RegionsReader(ConfigReader file, List<NodeId> replicas) {
        this.file = file.expect("source", "regions", "replicas", "round-trips", "within", "jitter");
        this.replicas = replicas;
        this.names = file.attempt(this::names, List.of());
    }

    Regions regions() {
        Map<NodeId, String> placed = file.attempt(this::placed, Collections.emptyMap());
        Map<Pair, Duration> between = file.attempt(() -> between(placed), Collections.emptyMap());
        RoundTrips times =
                new RoundTrips(between, file.duration("within", WITHIN), file.duration("jitter", Duration.ZERO));
        return new Regions(file.get("source", file.file(), Printable::of), placed, times);
    }

    private List<String> names() {
        List<String> all = file.list("regions", name -> {
            if (name.isBlank()) {
                throw new IllegalArgumentException("a region has a name");
            }
            return Printable.of(name);
        });
        if (all.isEmpty()) {
            throw file.problem("regions", "there is at least one region");
        }
        if (new HashSet<>(all).size() != all.size()) {
            throw file.problem("regions", "a region is named twice in " + all);
        }
        return all;
    }

    private String region(String name) {
        if (!names.contains(name) && !names.isEmpty()) {
            throw new IllegalArgumentException("there is no region " + Printable.of(name)
                    + NameSuggestion.nearest(name, names)
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; there are " + names));
        }
        return name;
    }

    /** Without a word on replicas the first one is in the first region, and so on, and again from the first. */
    private Map<NodeId, String> placed() {
        Map<NodeId, String> placed = new LinkedHashMap<>();
        if (!file.has("replicas")) {
            for (int i = 0; i < replicas.size() && !names.isEmpty(); i++) {
                placed.put(replicas.get(i), names.get(i % names.size()));
            }
            return placed;
        }
        ConfigReader places = file.object("replicas")
                .expect(replicas.stream().map(NodeId::name).toArray(String[]::new));
        for (NodeId replica : replicas) {
            if (!places.has(replica.name())) {
                throw places.problem("replica " + replica + " of the scenario is in no region; add " + replica + " = "
                        + (names.isEmpty() ? "REGION" : names.get(0)));
            }
            placed.put(replica, places.get(replica.name(), this::region));
        }
        List<String> idle =
                names.stream().filter(name -> !placed.containsValue(name)).toList();
        if (!idle.isEmpty()) {
            throw file.problem(
                    "regions",
                    "region " + idle.get(0) + " has no replica, so nobody would be asked there; place one in it, or"
                            + " leave it out of regions");
        }
        return placed;
    }

    private Map<Pair, Duration> between(Map<NodeId, String> placed) {
        Map<Pair, Duration> between = new LinkedHashMap<>();
        Map<Pair, Integer> lines =
                new TreeMap<>((a, b) -> (a.one() + '\n' + a.other()).compareTo(b.one() + '\n' + b.other()));
        List<String> used = placed.values().stream().distinct().toList();
        List<ConfigReader> times = file.has("round-trips") ? file.objects("round-trips") : List.of();
        boolean[] isWhole = {true};
        for (ConfigReader time : times) {
            isWhole[0] &= file.attempt(
                    () -> {
                        Pair pair = pair(time.expect("between", "time"));
                        Integer line = lines.putIfAbsent(pair, time.line());
                        if (line != null) {
                            throw time.problem(
                                    "between",
                                    "the time between " + pair.one() + " and " + pair.other() + " is given in line "
                                            + line + " too; give it once, as there and back are one time");
                        }
                        between.put(pair, time.get("time", Durations::parse));
                        return true;
                    },
                    false);
        }
        // Who wrote a pair wrong is told of that alone.
        if (isWhole[0]) {
            requireAll(used, between);
        }
        return between;
    }

    private Pair pair(ConfigReader time) {
        List<String> two = time.list("between", this::region);
        if (two.size() != 2) {
            throw time.problem("between", "a time is between two regions, [A, B], not " + two);
        }
        if (two.get(0).equals(two.get(1))) {
            throw time.problem("between", "the time inside of a region is that of within; a time is between two");
        }
        return new Pair(two.get(0), two.get(1));
    }

    private void requireAll(List<String> used, Map<Pair, Duration> between) {
        List<ConfigProblem> missing = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            for (int j = i + 1; j < used.size(); j++) {
                if (!between.containsKey(new Pair(used.get(i), used.get(j)))) {
                    String one = used.get(i);
                    String other = used.get(j);
                    String message = "there is no time between " + one + " and " + other + "; add { between = [" + one
                            + ", " + other + "], time = 80ms }, the round trip";
                    missing.add(file.has("round-trips") ? file.problem("round-trips", message) : file.problem(message));
                }
            }
        }
        for (ConfigProblem problem : missing) {
            file.attempt(
                    () -> {
                        throw problem;
                    },
                    null);
        }
    }
}
