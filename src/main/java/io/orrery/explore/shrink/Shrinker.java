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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
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
    static final List<Long> SEEDS = LongStream.rangeClosed(1, 24).boxed().toList();

    /** The same for a scenario of a few steps, which takes no time. */
    private static final int MANY_SEEDS = 100;

    /** What happens so long before or after something has most to do with it. */
    private static final Duration NEAR = Duration.ofMillis(20);

    private static final int MOST_ROUNDS = 12;

    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(1), Duration.ofMillis(10));

    /** First without draws, then with fewer steps, then with the usual seed. */
    private static final Comparator<Trials.Shown> SIMPLER = Comparator.comparing(
                    (Trials.Shown it) -> DrawPasses.draws(it.scenario()))
            .thenComparing(it -> it.scenario().steps().size())
            .thenComparing(it -> it.seed() != 1);

    private final Trials trials;
    private final Kind kind;
    private final StepPasses steps = new StepPasses(this);
    private final WorldPasses world = new WorldPasses(this);
    private final DrawPasses draws = new DrawPasses(this);
    private Scenario whole;
    private Trials.Shown best;

    private Shrinker(Trials trials, Kind kind) {
        this.trials = trials;
        this.kind = kind;
    }

    /** Shrinks to the end: {@link #shrink(Finding, int, BooleanSupplier)}. */
    public static Shrunk shrink(Finding finding, int threads) {
        return shrink(finding, threads, () -> false);
    }

    /**
     * Shrinks.
     *
     * @param threads how many candidates are played at a time
     * @param isToEnd asked before each candidate: whether to end with what is smallest so far
     * @throws IllegalArgumentException when the finding does not show, or does not once all operations have their times, or
     *     it was to end before that was clear
     */
    public static Shrunk shrink(Finding finding, int threads, BooleanSupplier isToEnd) {
        try (Trials trials = new Trials(finding.kind(), threads, isToEnd)) {
            return new Shrinker(trials, finding.kind()).run(finding);
        }
    }

    private Shrunk run(Finding finding) {
        Scenario judged = expectingThat(finding.scenario());
        Recorded recorded = new Recorded();
        Trials.Shown original = trials.watch(judged, finding.seed(), finding.schedule(), recorded)
                .orElseThrow(() -> new IllegalArgumentException(
                        finding.scenario().file() + " with seed " + finding.seed() + " does not show: " + kind));
        if (original.isForGood()) {
            trials.requireLasting();
        }
        whole = recorded.operationsAsSteps(judged, finding.seed());
        begin(recorded, whole, original, finding.seed());
        steps.shorten();
        draws.drawRulesIfMany(recorded.stepsOf(witness(original)));
        draws.fix();
        simplify(MOST_ROUNDS);
        for (int round = 0; round < MOST_ROUNDS && isShorterInAnotherWay(); round++) {
            // Until no seed shows a way on.
        }
        world.leaveUsualDelayOut();
        return new Shrunk(
                expectingWhatItShows(best.scenario()),
                best.seed(),
                kind,
                best.finding().sentence(),
                recorded.operations(),
                trials.runs(),
                !trials.isToEnd());
    }

    /** All passes, again and again until nothing changes. */
    private void simplify(int rounds) {
        for (int round = 0; round < rounds; round++) {
            Scenario before = best.scenario();
            steps.writeInsteadOfDelete();
            steps.shorten();
            draws.fixWhatIsLeft();
            world.simplify();
            steps.stay();
            steps.merge();
            showWithTheUsualSeed();
            if (best.scenario().equals(before)) {
                return;
            }
        }
    }

    /** Looks for less from where no single change helps; what is found counts if it has become simple too. */
    private boolean isShorterInAnotherWay() {
        Trials.Shown before = best;
        for (BooleanSupplier way : draws.waysOn()) {
            if (way.getAsBoolean()) {
                steps.shorten();
                draws.fix();
                simplify(MOST_ROUNDS);
                if (!DrawPasses.draws(best.scenario()) && SIMPLER.compare(best, before) < 0) {
                    return true;
                }
                best = before;
            }
        }
        return false;
    }

    /** The run, with all of its operations as steps. */
    Scenario whole() {
        return whole;
    }

    /** Whether these steps may show the wrong at all: no model of histories is violated by a single operation. */
    boolean mayShow(List<Step> candidate) {
        boolean isOfHistories = kind.sort() == Kind.Sort.MODEL && !QuietEnd.concerns(kind);
        return candidate.stream().filter(Step.Ask.class::isInstance).count() > (isOfHistories ? 1 : 0);
    }

    /** Whether a client may ask several replicas: many protocols promise less to one that moves. */
    boolean mayMove() {
        return StepPasses.anyMoves(whole.steps());
    }

    /** With which the best so far shows the wrong. */
    long seed() {
        return best.seed();
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

    /** Takes the first of these that shows the wrong with one of these seeds. */
    boolean isTaken(List<Scenario> candidates, List<Long> seeds) {
        Optional<Trials.Shown> shown = trials.first(candidates, seeds);
        shown.ifPresent(it -> best = it);
        return shown.isPresent();
    }

    /** What happened in the run of the best so far. */
    Recorded record() {
        Recorded recorded = new Recorded();
        trials.watch(best.scenario(), best.seed(), Schedule.USUAL, recorded);
        return recorded;
    }

    /** The first seeds, and that of the best so far. */
    List<Long> seedsAndOwn(int number) {
        return LongStream.concat(
                        LongStream.rangeClosed(1, number).filter(it -> it != best.seed()), LongStream.of(best.seed()))
                .boxed()
                .toList();
    }

    /**
     * The least with which the wrong shows, of what is tried first: what the witness names, without and with faults; with
     * what messages went through then; with what else clients did around it; and at last all.
     */
    private void begin(Recorded recorded, Scenario concrete, Trials.Shown original, long seed) {
        Set<Step> named = new HashSet<>(recorded.stepsOf(witness(original)));
        if (!named.isEmpty()) {
            List<Step> operations =
                    concrete.steps().stream().filter(named::contains).toList();
            Duration first = operations.get(0).at();
            Duration last = operations.get(operations.size() - 1).at();
            List<Scenario> guesses = new ArrayList<>();
            guesses.add(Edit.of(concrete).steps(operations).scenario());
            guesses.add(keeping(concrete, named::contains));
            for (Scenario guess : guesses) {
                if (begins(guess, seeds(seed, MANY_SEEDS))
                        || begins(
                                recorded.fatesAsSteps(
                                        guess, WorldPasses.USUAL_DELAY, first.minus(NEAR), last.plus(NEAR)),
                                List.of(seed))) {
                    return;
                }
            }
            for (Duration around = NEAR; around.compareTo(last) < 0; around = around.multipliedBy(4)) {
                Duration from = first.minus(around);
                Duration to = last.plus(around);
                Scenario guess = keeping(
                        concrete,
                        step -> step.at().compareTo(from) >= 0 && step.at().compareTo(to) <= 0);
                if (begins(guess, seeds(seed, SEEDS.size()))) {
                    return;
                }
            }
        }
        if (!begins(concrete, seeds(seed, SEEDS.size()))
                && !begins(
                        recorded.fatesAsSteps(
                                concrete,
                                WorldPasses.USUAL_DELAY,
                                Duration.ZERO,
                                concrete.steps()
                                        .get(concrete.steps().size() - 1)
                                        .at()),
                        List.of(seed))) {
            throw new IllegalArgumentException(
                    trials.isToEnd()
                            ? "it was ended before anything smaller showed " + kind
                            : "the run shows it, but not once each operation and each fault has its own time: " + kind);
        }
    }

    private boolean begins(Scenario guess, List<Long> seeds) {
        best = trials.first(guess, seeds).orElse(null);
        return best != null;
    }

    /** All faults, and those of the operations. */
    private static Scenario keeping(Scenario concrete, Predicate<Step> operations) {
        return Edit.of(concrete)
                .steps(concrete.steps().stream()
                        .filter(step -> step instanceof Step.Inject || operations.test(step))
                        .toList())
                .scenario();
    }

    /** The seed of the run, and the first others. */
    private static List<Long> seeds(long seed, int number) {
        List<Long> seeds = new ArrayList<>(List.of(seed));
        LongStream.rangeClosed(1, number).filter(other -> other != seed).forEach(seeds::add);
        return seeds;
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

    /** Where steps at one time need an order that a seed gives them, a pause between them may do as well. */
    private void showWithTheUsualSeed() {
        if (best.seed() != 1) {
            List<Scenario> candidates = new ArrayList<>(List.of(best.scenario()));
            PAUSES.forEach(pause -> candidates.add(Times.apart(best.scenario(), pause)));
            isTaken(candidates, List.of(1L));
        }
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
        String title = switch (kind.sort()) {
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
        return SEEDS.stream()
                .allMatch(seed -> trials.first(candidate, List.of(seed)).isPresent());
    }
}
