package io.orrery.explore.shrink;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.history.Op;
import io.orrery.loop.Schedule;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Makes the scenario of a finding small, while what is wrong stays of the same kind: delta debugging (Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002) over operations, faults, replicas,
 * clients, links and times, until nothing can go.
 *
 * <p>What a seed decides becomes steps first: operations of a workload, faults of a plan, delays and losses of messages.
 * The result is the same for any number of threads.
 */
public final class Shrinker {
    /** The seeds with which a changed scenario is tried, where all of its draws may have moved. */
    private static final List<Long> SEEDS = LongStream.rangeClosed(1, 24).boxed().toList();

    private static final int MOST_ROUNDS = 12;

    private final Trials trials;
    private final Kind kind;
    private Trials.Shown best;

    private Shrinker(Trials trials, Kind kind) {
        this.trials = trials;
        this.kind = kind;
    }

    /**
     * Shrinks.
     *
     * @param threads how many candidates are played at a time
     * @throws IllegalArgumentException when the finding does not show, or does not once all operations have their times
     */
    public static Shrunk shrink(Finding finding, int threads) {
        try (Trials trials = new Trials(finding.kind(), threads)) {
            return new Shrinker(trials, finding.kind()).run(finding);
        }
    }

    private Shrunk run(Finding finding) {
        Scenario judged = expectingThat(finding.scenario());
        Recorded recorded = new Recorded();
        Trials.Shown original = trials.watch(judged, finding.seed(), finding.schedule(), recorded)
                .orElseThrow(() -> new IllegalArgumentException(
                        finding.scenario().file() + " with seed " + finding.seed() + " does not show: " + kind));
        Scenario concrete = recorded.operationsAsSteps(judged, finding.seed());
        begin(recorded, concrete, original, finding.seed());
        new StepPasses(this).shorten();
        fixDelays();
        WorldPasses world = new WorldPasses(this);
        StepPasses steps = new StepPasses(this);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Scenario before = best.scenario();
            steps.shorten();
            world.simplify();
            steps.merge();
            if (best.scenario().equals(before)) {
                break;
            }
        }
        return new Shrunk(
                expectingWhatItShows(best.scenario()),
                best.seed(),
                kind,
                best.finding().sentence(),
                recorded.operations(),
                trials.runs());
    }

    Scenario best() {
        return best.scenario();
    }

    /** Takes the first of these that shows the wrong; returns its index, or -1 if none does. */
    int take(List<Scenario> candidates) {
        Optional<Trials.Shown> shown = trials.first(candidates, best.seed());
        shown.ifPresent(it -> best = it);
        return shown.map(it -> candidates.indexOf(it.scenario())).orElse(-1);
    }

    boolean isTaken(Scenario candidate) {
        return !candidate.equals(best.scenario()) && take(List.of(candidate)) >= 0;
    }

    /** The least with which the wrong shows, of what is tried first: what the witness names, with and without faults. */
    private void begin(Recorded recorded, Scenario concrete, Trials.Shown original, long seed) {
        List<Scenario> guesses = new ArrayList<>();
        Set<Step> named = new HashSet<>(recorded.stepsOf(witness(original)));
        if (!named.isEmpty()) {
            List<Step> operations =
                    concrete.steps().stream().filter(named::contains).toList();
            guesses.add(Edit.of(concrete).steps(operations).scenario());
            List<Step> withFaults = concrete.steps().stream()
                    .filter(step -> step instanceof Step.Inject || named.contains(step))
                    .toList();
            if (withFaults.size() > operations.size()) {
                guesses.add(Edit.of(concrete).steps(withFaults).scenario());
            }
        }
        List<Long> seeds = new ArrayList<>(SEEDS);
        seeds.remove(seed);
        seeds.add(0, seed);
        Scenario exact = recorded.fatesAsSteps(concrete, WorldPasses.USUAL_DELAY);
        for (Scenario guess : guesses) {
            Scenario exactGuess = recorded.fatesAsSteps(guess, WorldPasses.USUAL_DELAY);
            best = trials.first(List.of(exactGuess), seed)
                    .or(() -> trials.first(guess, seeds))
                    .orElse(null);
            if (best != null) {
                return;
            }
        }
        best = trials.first(concrete, seeds)
                .or(() -> trials.first(exact, seeds))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the run shows it, but not once each operation and each fault has its own time: " + kind));
    }

    private static List<Op> witness(Trials.Shown shown) {
        if (shown.run() == null) {
            return List.of();
        }
        for (Verdict verdict : shown.run().verdicts().values()) {
            if (verdict instanceof Verdict.Violated violated) {
                return violated.witness().operations();
            }
        }
        return List.of();
    }

    /** Gives each message the time that it takes in this run, so that no seed decides it any more. */
    private void fixDelays() {
        Recorded recorded = new Recorded();
        trials.watch(best.scenario(), best.seed(), Schedule.USUAL, recorded);
        List<Scenario> fixed = new ArrayList<>();
        fixed.add(WorldPasses.withFixedDelay(best.scenario(), WorldPasses.USUAL_DELAY));
        fixed.add(recorded.fatesAsSteps(best.scenario(), WorldPasses.USUAL_DELAY));
        for (Scenario candidate : fixed) {
            Optional<Trials.Shown> shown = trials.first(candidate, SEEDS);
            if (shown.isPresent()) {
                best = shown.get();
                return;
            }
        }
        trials.first(best.scenario(), SEEDS).ifPresent(it -> best = it);
    }

    /** Judged by nothing but what is wrong. */
    private Scenario expectingThat(Scenario scenario) {
        Map<Model, Boolean> verdicts = Map.of();
        List<String> invariants = List.of();
        if (kind.sort() == Kind.Sort.MODEL) {
            verdicts = Map.of(Model.parse(kind.name()), true);
        } else if (kind.sort() == Kind.Sort.INVARIANT) {
            invariants = List.of(kind.name());
        } else if (kind.name().startsWith("not ")) {
            verdicts = Map.of(Model.parse(kind.name().substring("not ".length())), false);
        }
        List<Step> steps = scenario.steps().stream().map(this::expectingThat).toList();
        return Edit.of(scenario)
                .steps(steps)
                .expected(new Scenario.Expected(verdicts, Map.of(), invariants, 0))
                .scenario();
    }

    private Step expectingThat(Step step) {
        if (!(step instanceof Step.Ask ask)) {
            return step;
        }
        String what =
                ask.via() + " " + ask.operation().name() + " " + ask.operation().key();
        boolean isKept = kind.sort() == Kind.Sort.EXPECTATION && kind.name().equals(what);
        return new Step.Ask(
                ask.at(),
                ask.line(),
                ask.client(),
                ask.via(),
                ask.operation(),
                isKept ? ask.expectation() : Expectation.NOTHING);
    }

    /** What a file can expect of what it shows: of a model that it is violated. */
    private Scenario expectingWhatItShows(Scenario scenario) {
        Scenario.Expected expected = scenario.expected();
        Map<Model, Boolean> verdicts = new TreeMap<>();
        expected.verdicts().forEach((model, holds) -> verdicts.put(model, !holds));
        String title =
                switch (kind.sort()) {
                    case MODEL -> scenario.protocol() + " is not " + kind.name() + " here";
                    case INVARIANT -> scenario.protocol() + " breaks the invariant " + kind.name();
                    case EXPECTATION -> "What is not as expected: " + kind.name();
                    case FAILURE -> "A replica of " + scenario.protocol() + " fails: " + kind.name();
                };
        return Edit.of(scenario)
                .named(scenario.name(), title)
                .expected(new Scenario.Expected(verdicts, Map.of(), expected.invariants(), 0))
                .scenario();
    }

    /** Whether no seed decides what the scenario shows, as far as a few seeds tell. */
    boolean showsAlways(Scenario candidate) {
        return SEEDS.stream().limit(8).allMatch(seed -> trials.first(candidate, List.of(seed))
                .isPresent());
    }

    void take(Scenario candidate) {
        trials.first(candidate, SEEDS).ifPresent(it -> best = it);
    }
}
