package io.orrery.explore.exhaustive;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
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

/** Explores a scenario, and sums up what happens in its executions. */
public final class Exploration {
    /** So many final states are kept with an example; more are only counted. */
    private static final int MOST_STATES = 1_000;

    /**
     * In how many executions something was the case.
     *
     * @param what for people
     * @param example the events of the first of them, in their order
     */
    public record Count(String what, long executions, List<String> example) {}

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
     */
    public record Report(
            Explorer.Result result,
            List<Count> states,
            long otherStates,
            List<Judged> expectations,
            List<Count> failures) {
        public boolean isViolated() {
            return !failures.isEmpty()
                    || expectations.stream().anyMatch(judged -> judged.result().equals("unmet"));
        }

        public boolean isDecided() {
            return expectations.stream().noneMatch(judged -> judged.result().equals("undecided"));
        }
    }

    private static final class Tally {
        private final String what;
        private final List<String> example;
        private long executions;

        Tally(String what, List<?> events) {
            this.what = what;
            this.example = events.stream().map(Object::toString).toList();
        }

        Count count() {
            return new Count(what, executions, example);
        }
    }

    private final Scenario scenario;
    private final ScenarioProgram program;
    private final Explorer explorer;
    private final int receivers;
    private final boolean hasFaults;
    private final boolean hasRealTime;
    private final Map<String, Tally> states = new LinkedHashMap<>();
    private long otherStates;
    private final Map<String, Tally> failures = new LinkedHashMap<>();
    /** By expectation, then by what was seen. */
    private final Map<String, Map<String, Tally>> seen = new TreeMap<>();

    private final Map<String, Map<String, String>> judgedViews = new HashMap<>();
    private final Map<String, String> judgedEnds = new HashMap<>();
    private final List<LocalState> passed = new ArrayList<>();

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
        this.explorer = new Explorer(program, this::execution);
    }

    /** How many executions there are, as far as can be told now. */
    public double estimate() {
        return explorer.estimate();
    }

    /**
     * Explores until all is seen or the budget is spent.
     *
     * @param isSpent asked after each execution
     */
    public Report explore(BooleanSupplier isSpent) {
        Explorer.Result result = explorer.explore(isSpent);
        List<Judged> judged = new ArrayList<>();
        seen.forEach((expected, tallies) ->
                judged.add(new Judged(expected, resultOf(expected, tallies, result.isComplete()), counts(tallies))));
        return new Report(result, counts(states), otherStates, judged, counts(failures));
    }

    private static List<Count> counts(Map<String, Tally> tallies) {
        return tallies.values().stream().map(Tally::count).toList();
    }

    /** What is expected to hold must hold in all executions; what is expected not to hold must be violated in one. */
    private static String resultOf(String expected, Map<String, Tally> tallies, boolean isComplete) {
        boolean isViolated = tallies.keySet().stream().anyMatch(what -> what.startsWith("violated"));
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
            LocalState last = program.state(i);
            if (last.failure != null) {
                tell(failures, last.failure, events);
            }
            for (LocalState state = last; state.before != null; state = state.before) {
                passed.set(state.last.place, state);
            }
        }
        String end = end();
        if (states.size() < MOST_STATES || states.containsKey(end)) {
            tell(states, end, events);
        } else {
            otherStates++;
        }
        ClientView view = new ClientView(passed, receivers, hasRealTime);
        judgedViews
                .computeIfAbsent(view.shape(), shape -> judge(view))
                .forEach((expected, what) -> tell(seen(expected), what, events));
        Boolean converges = scenario.expected().verdicts().get(Model.CONVERGED);
        if (converges != null) {
            String what = judgedEnds.computeIfAbsent(endInFull(), it -> converged());
            tell(seen((converges ? "" : "not ") + Model.CONVERGED), what, events);
        }
    }

    private Map<String, Tally> seen(String expected) {
        return seen.computeIfAbsent(expected, it -> new LinkedHashMap<>());
    }

    private static void tell(Map<String, Tally> tallies, String what, List<Program.Event> events) {
        Tally tally = tallies.get(what);
        if (tally == null) {
            tally = new Tally(what, events);
            tallies.put(what, tally);
        }
        tally.executions++;
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
            return "violated (" + violated.witness().pattern() + ")";
        }
        return verdict instanceof Verdict.Undecided undecided ? "undecided: " + undecided.reason() : verdict.word();
    }

    private Map<String, String> judge(ClientView view) {
        Map<String, String> judged = new TreeMap<>();
        scenario.expected().verdicts().forEach((model, holds) -> {
            if (model.judgesHistories()) {
                judged.put((holds ? "" : "not ") + model, words(view.judge(model)));
            }
        });
        for (LocalState.Answer answer : view.answers()) {
            Step.Ask ask = answer.asked().ask;
            Expectation expectation = withoutTimes(ask.expectation());
            if (!expectation.isNothing()) {
                List<String> unmet = expectation.unmet(answer.outcome(), Duration.ZERO, Duration.ZERO);
                judged.put(
                        "line " + ask.line() + ": " + ask.via() + " "
                                + ask.operation().name() + " " + ask.operation().key(),
                        unmet.isEmpty() ? "holds" : "violated: " + String.join("; ", unmet));
            }
        }
        return judged;
    }

    private static Expectation withoutTimes(Expectation it) {
        return new Expectation(it.values(), it.ending(), it.status(), it.version(), Optional.empty(), Optional.empty());
    }
}
