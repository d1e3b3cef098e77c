package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.TreeMap;

/**
 * Plays a scenario in a runtime: begins steps in the order of their times, runs each client's operations one after
 * another, generates the workload, and compares what is seen with what is expected. A step after a fault begins when
 * the fault is in effect. Single-threaded, on the thread of the runtime.
 */
public final class ScenarioPlayer {
    /** How much longer than a replica's timeout a client waits, so that it normally gets the replica's answer. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private final Scenario scenario;
    private final long seed;
    private final ScenarioRuntime scenarioRuntime;
    private final Duration tolerance;
    private final Map<String, Script> scripts = new TreeMap<>();
    private final Queue<Step> due = new ArrayDeque<>();
    private final List<Run.Check> checks = new ArrayList<>();
    private Runnable whenOver;
    private boolean faultIsUnderWay;
    private int unfinished;

    /**
     * @param seed decides what the workload does
     * @param tolerance by how much a step may miss its expected durations
     */
    public ScenarioPlayer(Scenario scenario, long seed, ScenarioRuntime scenarioRuntime, Duration tolerance) {
        this.scenario = scenario;
        this.seed = seed;
        this.scenarioRuntime = scenarioRuntime;
        this.tolerance = tolerance;
    }

    /** How long a client waits for an answer. */
    private Duration patience() {
        return scenario.conditions()
                .clients()
                .timeout()
                .orElse(scenario.timeout().plus(GRACE));
    }

    private ScenarioRuntime.Client client(String name) {
        return new ComparingClient(scenarioRuntime.client(name, patience()));
    }

    /** The remaining steps of one client. */
    private final class Script {
        private final ScenarioRuntime.Client client;
        private final Queue<Step.Ask> due = new ArrayDeque<>();
        private boolean busy;

        Script(String name) {
            client = client(name);
        }

        void add(Step.Ask ask) {
            due.add(ask);
            goOn();
        }

        private void goOn() {
            if (busy || due.isEmpty()) {
                return;
            }
            busy = true;
            Step.Ask ask = due.poll();
            Duration began = scenarioRuntime.now();
            client.invoke(ask.via(), ask.operation(), outcome -> {
                busy = false;
                judge(ask, outcome, scenarioRuntime.now().minus(began));
                goOn();
                finished();
            });
        }
    }

    /**
     * Plans all steps and the workload.
     *
     * @param whenOver runs when all steps are done and all operations have ended
     */
    public void begin(Runnable whenOver) {
        this.whenOver = whenOver;
        unfinished = scenario.steps().size();
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Ask ask) {
                scripts.computeIfAbsent(ask.client(), Script::new);
            }
            Runnable begin = () -> {
                due.add(step);
                goOn();
            };
            if (step instanceof Step.Inject inject && inject.midStep().isPresent()) {
                scenarioRuntime.strike(step.at(), inject.midStep().getAsInt(), begin);
            } else {
                scenarioRuntime.plan(step.at(), begin);
            }
        }
        scenario.workload().ifPresent(this::startWorkload);
        if (unfinished == 0) {
            whenOver.run();
        }
    }

    private void goOn() {
        while (!faultIsUnderWay && !due.isEmpty()) {
            Step step = due.poll();
            if (step instanceof Step.Ask ask) {
                scripts.get(ask.client()).add(ask);
            } else if (step instanceof Step.Inject inject) {
                faultIsUnderWay = true;
                scenarioRuntime.apply(inject.fault(), () -> {
                    faultIsUnderWay = false;
                    goOn();
                    finished();
                });
            }
        }
    }

    private void finished() {
        if (--unfinished == 0) {
            whenOver.run();
        }
    }

    private void judge(Step.Ask ask, Outcome outcome, Duration took) {
        if (ask.expectation().isNothing()) {
            return;
        }
        List<String> unmet = ask.expectation().unmet(outcome, took, tolerance);
        String what =
                ask.via() + " " + ask.operation().name() + " " + ask.operation().key();
        checks.add(new Run.Check(
                OptionalInt.of(ask.line()),
                Optional.empty(),
                what,
                unmet.isEmpty() ? Run.Result.MET : Run.Result.UNMET,
                String.join("; ", unmet)));
    }

    private void startWorkload(Workload workload) {
        int[] left = {workload.operations()};
        for (int i = 0; i < workload.clients(); i++) {
            String name = Workload.CLIENT + (i + 1);
            SeededRandom random = scenarioRuntime.stream(seed, "workload/" + name);
            ScenarioRuntime.Client client = client(name);
            NodeId via = scenario.replicas().get(i % scenario.replicas().size());
            unfinished++;
            scenarioRuntime.after(
                    workload.thinkTime(), random, () -> nextOperation(workload, client, via, random, left));
        }
    }

    private void nextOperation(
            Workload workload, ScenarioRuntime.Client client, NodeId at, SeededRandom random, int[] left) {
        if (left[0] == 0) {
            finished();
            return;
        }
        long number = workload.operations() - left[0]--;
        Value value = Value.of((workload.values() == 0 ? number : number % workload.values()) + 1);
        List<NodeId> replicas = scenario.replicas();
        boolean moves = workload.moves() > 0 && random.nextDouble() < workload.moves();
        NodeId via = moves ? replicas.get(random.nextInt(replicas.size())) : at;
        Operation operation = operation(workload, random, value);
        Runnable next = () -> scenarioRuntime.after(
                workload.thinkTime(), random, () -> nextOperation(workload, client, via, random, left));
        client.invoke(via, operation, outcome -> {
            boolean refused = outcome instanceof Outcome.Refused it && it.reason() == Outcome.Reason.NOT_LEADER;
            if (workload.redirects() && refused) {
                client.invoke(scenario.options().get(ProtocolOptions.LEADER), operation, again -> next.run());
            } else {
                next.run();
            }
        });
    }

    private static Operation operation(Workload workload, SeededRandom random, Value value) {
        Key key = Key.of("k" + random.nextInt(workload.keys()));
        double kind = random.nextDouble();
        if (kind < workload.reads()) {
            return new Operation.Read(key);
        }
        if (kind < workload.reads() + workload.deletes()) {
            return new Operation.Delete(key);
        }
        return kind < workload.reads() + workload.deletes() + workload.cas()
                ? new Operation.CompareAndSet(key, Optional.empty(), Optional.of(value))
                : new Operation.Write(key, value);
    }

    /**
     * Judges the run, by the models that have an expectation and by others.
     *
     * @param history the history of the clients
     * @param converged the verdict on the final states of the replicas
     * @param wallTime how long the run took in real time
     * @param simulated figures that only a simulation has
     * @param faults how many random faults there were
     */
    public Run result(
            History history,
            Verdict converged,
            Collection<Model> models,
            Duration wallTime,
            Optional<Run.Simulated> simulated,
            List<Run.FaultCount> faults) {
        return result(history, converged, models, List.of(), wallTime, simulated, faults);
    }

    /**
     * The same, with the result of each invariant that was watched over.
     *
     * @param invariants as checks
     */
    Run result(
            History history,
            Verdict converged,
            Collection<Model> models,
            List<Run.Check> invariants,
            Duration wallTime,
            Optional<Run.Simulated> simulated,
            List<Run.FaultCount> faults) {
        Map<Model, Verdict> verdicts = RunJudge.judge(scenario.expected(), models, history, converged);
        List<Run.Check> all = new ArrayList<>(checks);
        all.addAll(invariants);
        all.addAll(RunJudge.compare(scenario.expected(), verdicts));
        all.sort(Comparator.comparingInt(check -> check.line().orElse(Integer.MAX_VALUE)));
        return new Run(scenario, seed, List.copyOf(all), history, verdicts, wallTime, simulated, faults);
    }
}
