package io.orrery.explore.exhaustive;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.Kind;
import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaView;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Quiescence;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/** Explores a scenario, and sums up what happens in its executions. */
public final class Exploration {
    /** So many final states are kept with an example; more are only counted. */
    private static final int MOST_STATES = 1_000;

    /** So many verdicts are remembered; then they are forgotten, and given anew. */
    private static final int MOST_JUDGED = 100_000;

    /** How the words begin for what is not as it should be. */
    private static final String VIOLATED = "violated";

    private static final String INVARIANTS = "invariants";
    private static final String INVARIANT = "invariant ";

    /**
     * In how many executions something was the case.
     *
     * @param what for people
     * @param example the least of them: its events in their order, without what has no part in it
     */
    public record Count(String what, long executions, List<String> example) {}

    /**
     * Something wrong that an execution shows.
     *
     * @param what for people: what was expected, and what was seen
     * @param example the least of the executions that show it, as of {@link Count}
     * @param retold the same as a scenario in time, to be played; empty where times cannot tell it
     */
    public record Violation(Kind kind, String what, List<String> example, Optional<Scenario> retold) {}

    /**
     * What was seen of an expectation.
     *
     * @param expected such as {@code causal-ccv}, {@code not linearizable} or {@code line 7: C read x}
     * @param result {@code met}, {@code unmet} or {@code undecided}
     * @param seen what occurred, the first in time first
     */
    public record Judged(String expected, String result, List<Count> seen) {}

    /**
     * What an exploration has found.
     *
     * @param states the final states: what the replicas hold
     * @param otherStates how many executions ended in states that are not told one by one
     * @param failures replicas that failed
     * @param violations of each expectation, and of replicas that failed, the first that was seen
     */
    public record Report(
            Explorer.Result result,
            List<Count> states,
            long otherStates,
            List<Judged> expectations,
            List<Count> failures,
            List<Violation> violations) {
        /** Whether anything is not as expected. */
        public boolean isViolated() {
            return !failures.isEmpty()
                    || expectations.stream().anyMatch(judged -> judged.result().equals("unmet"));
        }

        /** Whether no verdict is undecided. */
        public boolean isDecided() {
            return expectations.stream().noneMatch(judged -> judged.result().equals("undecided"));
        }
    }

    private static final class Tally {
        private final String what;
        private final Example example = new Example();
        private long executions;

        Tally(String what) {
            this.what = what;
        }

        Count count() {
            return new Count(what, executions, example.text());
        }
    }

    private final Scenario scenario;
    private final ScenarioProgram program;
    private final Explorer explorer;
    private final int receivers;
    private final boolean hasFaults;
    private final boolean hasRealTime;
    /** Null where no invariants are asked for. */
    private final Watch watch;

    private final Map<String, Tally> states = new LinkedHashMap<>();
    private long otherStates;
    private final Map<String, Tally> failures = new LinkedHashMap<>();
    /** By expectation, then by what was seen. */
    private final Map<String, Map<String, Tally>> seen = new TreeMap<>();
    /** What a violation of an expectation is. */
    private final Map<String, Kind> kinds = new HashMap<>();

    private final Map<String, Map<String, String>> judgedViews = new HashMap<>();
    private final Map<String, String> judgedEnds = new HashMap<>();
    private final List<LocalState> passed = new ArrayList<>();
    private BooleanSupplier isSpent;

    /**
     * @param depth how many timers may fire at each replica
     * @throws IllegalArgumentException when the scenario cannot be explored
     */
    public Exploration(Scenario scenario, int depth) {
        this.scenario = scenario;
        this.program = new ScenarioProgram(scenario, depth);
        this.receivers = scenario.replicas().size();
        this.hasFaults = scenario.steps().stream().anyMatch(step -> step instanceof Step.Inject);
        this.hasRealTime = scenario.expected().verdicts().containsKey(Model.LINEARIZABLE);
        this.watch = scenario.expected().invariants().isEmpty() ? null : new Watch(scenario, program.machines());
        this.explorer = new Explorer(program, this::execution);
    }

    /** How many executions were seen until now. */
    public long executions() {
        return explorer.executions();
    }

    /** How many executions there are, as far as can be told now. */
    public double estimate() {
        return explorer.estimate();
    }

    /**
     * Explores until all is seen or the budget is spent.
     *
     * @param budgetIsSpent asked again and again, within executions too
     */
    public Report explore(BooleanSupplier budgetIsSpent) {
        isSpent = budgetIsSpent;
        Explorer.Result result = explorer.explore(isSpent);
        if (seen.keySet().stream().anyMatch(expected -> expected.startsWith(INVARIANT))) {
            seen.remove(INVARIANTS); // Each that broke stands for itself.
        }
        List<Judged> judged = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        seen.forEach((expected, tallies) -> {
            judged.add(new Judged(expected, resultOf(expected, tallies, result.isComplete()), counts(tallies)));
            if (!expected.startsWith("not ")) {
                tallies.values().stream()
                        .filter(tally -> tally.what.startsWith(VIOLATED))
                        .findFirst()
                        .ifPresent(tally ->
                                violations.add(violation(kinds.get(expected), expected + ", " + tally.what, tally)));
            }
        });
        failures.values()
                .forEach(
                        tally -> violations.add(violation(new Kind(Kind.Sort.FAILURE, tally.what), tally.what, tally)));
        return new Report(result, counts(states), otherStates, judged, counts(failures), violations);
    }

    private Violation violation(Kind kind, String what, Tally tally) {
        return new Violation(kind, what, tally.example.text(), new Retelling(scenario).of(tally.example.whole()));
    }

    private static List<Count> counts(Map<String, Tally> tallies) {
        return tallies.values().stream().map(Tally::count).toList();
    }

    /** What is expected to hold must hold in all executions; what is expected not to hold must be violated in one. */
    private static String resultOf(String expected, Map<String, Tally> tallies, boolean isComplete) {
        boolean isViolated = tallies.keySet().stream().anyMatch(what -> what.startsWith(VIOLATED));
        if (expected.startsWith("not ")) {
            return isViolated ? "met" : isComplete ? "unmet" : "undecided";
        }
        boolean isUndecided = !isComplete || tallies.keySet().stream().anyMatch(what -> what.startsWith("undecided"));
        return isViolated ? "unmet" : isUndecided ? "undecided" : "met";
    }

    private void execution(List<Program.Event> events) {
        passed.clear();
        passed.addAll(Collections.nCopies(events.size(), null));
        for (int i = 0; i < receivers; i++) {
            for (LocalState state = program.state(i); state.before != null; state = state.before) {
                passed.set(state.last.place, state);
            }
        }
        for (int i = 0; i < receivers; i++) {
            String failure = program.state(i).failure;
            if (failure != null) {
                tell(failures, failure, events, place -> passed.get(place).failure == failure);
            }
        }
        String end = end();
        if (states.size() < MOST_STATES || states.containsKey(end)) {
            tell(states, end, events, place -> true);
        } else {
            otherStates++;
        }
        ClientView view = new ClientView(passed, receivers, hasRealTime);
        if (judgedViews.size() > MOST_JUDGED || judgedEnds.size() > MOST_JUDGED) {
            judgedViews.clear();
            judgedEnds.clear();
        }
        judgedViews
                .computeIfAbsent(view.shape(), shape -> judge(view))
                .forEach((expected, what) -> tell(seen(expected), what, events, this::isHeard));
        Boolean converges = scenario.expected().verdicts().get(Model.CONVERGED);
        if (converges != null) {
            String what = judgedEnds.computeIfAbsent(endInFull(), it -> converged());
            tell(seen(expectation(Model.CONVERGED, converges)), what, events, place -> true);
        }
        if (watch != null) {
            watch(events);
        }
    }

    /** Whether a client asks or is answered in an event. */
    private boolean isHeard(int place) {
        LocalState state = passed.get(place);
        return state.last instanceof Happening.Asking || !state.answers.isEmpty();
    }

    private void watch(List<Program.Event> events) {
        List<Watch.Seen> breaches = watch.over(events);
        if (breaches.isEmpty()) {
            tell(seen(INVARIANTS), "holds", events, place -> true);
        }
        for (Watch.Seen breach : breaches) {
            String name = breach.breach().invariant().name();
            kinds.put(INVARIANT + name, new Kind(Kind.Sort.INVARIANT, name));
            tell(
                    seen(INVARIANT + name),
                    VIOLATED + ": " + breach.breach().what(),
                    events,
                    place -> place < breach.events());
        }
    }

    private Map<String, Tally> seen(String expected) {
        return seen.computeIfAbsent(expected, it -> new LinkedHashMap<>());
    }

    /** @param matters by the place of an event whether it is seen there */
    private static void tell(
            Map<String, Tally> tallies, String what, List<Program.Event> events, IntPredicate matters) {
        Tally tally = tallies.computeIfAbsent(what, Tally::new);
        tally.example.offer(events, matters);
        tally.executions++;
    }

    private String expectation(Model model, boolean holds) {
        String expected = (holds ? "" : "not ") + model;
        kinds.put(expected, Kind.of(model));
        return expected;
    }

    private String end() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < receivers; i++) {
            Holding holding = program.holding(i);
            all.append(i == 0 ? "" : "; ")
                    .append(scenario.replicas().get(i))
                    .append(": ")
                    .append(holding == null ? "down" : holding);
        }
        return all.toString();
    }

    private String endInFull() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < receivers; i++) {
            Holding holding = program.holding(i);
            all.append(holding == null ? "down" : holding.inFull()).append('|');
        }
        return all.toString();
    }

    private String converged() {
        Map<NodeId, ReplicaView> views = new TreeMap<>();
        for (int i = 0; i < receivers; i++) {
            Holding holding = program.holding(i);
            if (holding != null) {
                views.put(scenario.replicas().get(i), holding);
            }
        }
        Verdict verdict = Quiescence.judge(views);
        if (hasFaults
                && verdict instanceof Verdict.Violated
                && scenario.protocol().converges()) {
            return "undecided: what a replica missed while it was down is repaired by timers, in time";
        }
        return words(verdict);
    }

    private static String words(Verdict verdict) {
        if (verdict instanceof Verdict.Violated violated) {
            return VIOLATED + " (" + violated.witness().pattern() + ")";
        }
        return verdict instanceof Verdict.Undecided undecided ? "undecided: " + undecided.reason() : verdict.word();
    }

    private Map<String, String> judge(ClientView view) {
        Map<String, String> judged = new TreeMap<>();
        scenario.expected().verdicts().forEach((model, holds) -> {
            if (model.judgesHistories()) {
                judged.put(expectation(model, holds), words(view.judge(model, isSpent)));
            }
        });
        for (LocalState.Answer answer : view.answers()) {
            Step.Ask ask = answer.asked().ask;
            Expectation expectation = withoutTimes(ask.expectation());
            if (!expectation.isNothing()) {
                List<String> unmet = expectation.unmet(answer.outcome(), Duration.ZERO, Duration.ZERO);
                String name = ask.via() + " " + ask.operation().name() + " "
                        + ask.operation().key();
                String expected = "line " + ask.line() + ": " + name;
                kinds.put(expected, new Kind(Kind.Sort.EXPECTATION, name));
                judged.put(expected, unmet.isEmpty() ? "holds" : VIOLATED + ": " + String.join("; ", unmet));
            }
        }
        return judged;
    }

    private static Expectation withoutTimes(Expectation it) {
        return new Expectation(it.values(), it.ending(), it.status(), it.version(), Optional.empty(), Optional.empty());
    }
}
