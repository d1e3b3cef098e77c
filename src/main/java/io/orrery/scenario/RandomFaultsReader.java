package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.config.NameSuggestion;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.scenario.RandomFaults.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads {@code faults { … }} of a scenario file: kinds that these replicas can have, and times at which they can fire. */
final class RandomFaultsReader {
    private static final int HIGHEST_RATE = 1_000;
    /** How long faults occur at least beside a workload, of which nobody knows how long it takes. */
    private static final Duration OF_A_WORKLOAD = Duration.ofSeconds(1);

    /** From a time of the run to a later one. */
    private record Span(Duration from, Duration to) {
        static Span parse(String text) {
            int dots = text.indexOf("..");
            if (dots < 0) {
                throw new IllegalArgumentException("a span is two times, such as 0s..5s, not " + text);
            }
            Span span = new Span(Durations.parse(text.substring(0, dots)), Durations.parse(text.substring(dots + 2)));
            if (span.from.compareTo(span.to) >= 0) {
                throw new IllegalArgumentException("a span ends later than it begins, and " + text + " does not");
            }
            return span;
        }
    }

    private final ConfigReader faults;
    private final List<NodeId> replicas;
    private final List<Step> steps;
    private final Optional<Workload> workload;
    private final Duration patience;

    /**
     * @param replicas empty if the file has none that can be read
     * @param patience how long a client waits for an answer
     */
    RandomFaultsReader(
            ConfigReader faults,
            List<NodeId> replicas,
            List<Step> steps,
            Optional<Workload> workload,
            Duration patience) {
        this.faults = faults.expect("random", "span", "rates");
        this.replicas = replicas;
        this.steps = steps;
        this.workload = workload;
        this.patience = patience;
    }

    RandomFaults read() {
        List<Kind> kinds = faults.list("random", this::kind);
        if (kinds.isEmpty()) {
            throw faults.problem("random", "random faults have one kind or more; there are: " + possible());
        }
        if (new HashSet<>(kinds).size() != kinds.size()) {
            throw faults.problem("random", "a kind of fault is named twice in " + kinds);
        }
        Span span = span();
        return new RandomFaults(new HashSet<>(kinds), span.from(), span.to(), rates(kinds), faults.line("random"));
    }

    private Kind kind(String name) {
        List<String> names = Arrays.stream(Kind.values()).map(Kind::toString).toList();
        if (!names.contains(name)) {
            throw new IllegalArgumentException("there are no random faults \"" + name + "\"; "
                    + NameSuggestion.nearest(name, names)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("there are: " + possible()));
        }
        Kind kind = Kind.values()[names.indexOf(name)];
        if (kind.isOfLinks() && replicas.size() == 1) {
            throw new IllegalArgumentException(kind + " need two replicas or more, and there is " + replicas.get(0)
                    + " alone; it can have: " + possible());
        }
        return kind;
    }

    private String possible() {
        return Arrays.stream(Kind.values())
                .filter(kind -> replicas.size() != 1 || !kind.isOfLinks())
                .map(Kind::toString)
                .collect(Collectors.joining(", "));
    }

    private Span span() {
        Duration lastStep =
                steps.stream().map(Step::at).max(Duration::compareTo).orElse(Duration.ZERO);
        if (!faults.has("span")) {
            Duration usual = workload.isPresent() && lastStep.compareTo(OF_A_WORKLOAD) < 0 ? OF_A_WORKLOAD : lastStep;
            if (usual.isZero()) {
                throw faults.problem(
                        "random",
                        "all steps are at 0s, which leaves no time for random faults; say when they occur: span = 0s..5s");
            }
            return new Span(Duration.ZERO, usual);
        }
        Span span = faults.get("span", Span::parse);
        ScenarioLoader.requireShort(faults, "span", span.to());
        end(lastStep).filter(end -> span.from().compareTo(end) >= 0).ifPresent(end -> {
            throw faults.problem(
                    "span",
                    "the run is over at " + Durations.format(end) + (workload.isPresent() ? " at the latest" : "")
                            + ", so faults from " + Durations.format(span.from()) + " on can hit nothing");
        });
        return span;
    }

    /** When all is over at the latest; empty if that is not known. */
    private Optional<Duration> end(Duration lastStep) {
        if (workload.isEmpty()) {
            return Optional.of(lastStep);
        }
        Delay think = workload.get().thinkTime();
        Duration pause;
        if (think instanceof Delay.Fixed fixed) {
            pause = fixed.delay();
        } else if (think instanceof Delay.Uniform uniform) {
            pause = uniform.max();
        } else {
            return Optional.empty();
        }
        Duration load =
                pause.plus(patience.multipliedBy(2)).multipliedBy(workload.get().operations() + 1L);
        return Optional.of(load.compareTo(lastStep) > 0 ? load : lastStep);
    }

    private Map<Kind, Integer> rates(List<Kind> kinds) {
        Map<Kind, Integer> rates = new TreeMap<>();
        ConfigReader given = faults.objectOrEmpty("rates")
                .expect(kinds.stream().map(Kind::toString).toArray(String[]::new));
        for (Kind kind : kinds) {
            if (given.has(kind.toString())) {
                rates.put(kind, given.integer(kind.toString(), RandomFaults.USUAL_RATE, 1, HIGHEST_RATE));
            }
        }
        return rates;
    }
}
