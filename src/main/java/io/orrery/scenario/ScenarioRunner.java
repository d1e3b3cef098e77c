package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Outcome.Reason;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.network.SeededRandom;
import io.orrery.network.Transit;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Client;
import io.orrery.simulation.Quiescence;
import io.orrery.simulation.Recording;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
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

/** Plays a scenario in a simulation, and compares what is seen with what was expected. */
public final class ScenarioRunner {
    /** What a link does where a scenario says nothing: enough that messages overtake each other now and then. */
    public static final LinkRule USUAL_LINK =
            new LinkRule(new Delay.Uniform(Duration.ofMillis(1), Duration.ofMillis(10)), 0, 0, false);

    /** How often convergence is looked for after the last step, in virtual time. */
    private static final Duration GLANCE = Duration.ofMillis(10);

    /** How much longer than a replica a client waits: it hears from the replica that the time is up, if it hears at all. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Scenario scenario;
    private final long seed;
    private final World world;
    private final Counter counter = new Counter();
    private final Recording recording = new Recording();
    private final Map<String, Script> scripts = new TreeMap<>();
    private final List<Run.Check> checks = new ArrayList<>();
    private int unfinished;

    /** Counts what happens. */
    private static final class Counter implements WorldObserver {
        private long operations;
        private long deliveries;
        private long losses;

        @Override
        public void invoked(String client, NodeId via, Operation operation) {
            operations++;
        }

        @Override
        public void delivered(Transit transit) {
            deliveries++;
        }

        @Override
        public void lost(Transit transit, Loss why) {
            losses++;
        }
    }

    /** What one client has still to do. */
    private final class Script {
        private final Client client;
        private final Queue<Step.Ask> due = new ArrayDeque<>();

        Script(String name) {
            client = world.client(name);
            client.setTimeout(scenario.timeout().plus(GRACE));
        }

        void add(Step.Ask ask) {
            due.add(ask);
            goOn();
        }

        private void goOn() {
            if (client.isBusy() || due.isEmpty()) {
                return;
            }
            Step.Ask ask = due.poll();
            Duration began = world.now();
            client.invoke(ask.via(), ask.operation(), outcome -> {
                judge(ask, outcome, world.now().minus(began));
                unfinished--;
                goOn();
            });
        }
    }

    private ScenarioRunner(Simulation simulation, Scenario scenario, long seed, WorldObserver observer) {
        this.scenario = scenario;
        this.seed = seed;
        WorldSpec spec = new WorldSpec(
                scenario.protocol(),
                scenario.replicas(),
                scenario.roles(),
                USUAL_LINK,
                scenario.diskSync(),
                scenario.tuning(),
                ReplicaLimits.DEFAULT.withTimeout(scenario.timeout()));
        world = simulation.begin(spec, seed, WorldObserver.all(counter, recording, observer));
    }

    /**
     * Plays a scenario from beginning to end, and judges it by the models of which it expects something.
     *
     * @param observer hears all that happens
     */
    public static Run run(Simulation simulation, Scenario scenario, long seed, WorldObserver observer) {
        return run(simulation, scenario, seed, observer, List.of());
    }

    /** The same, judged by further models too. */
    public static Run run(
            Simulation simulation, Scenario scenario, long seed, WorldObserver observer, Collection<Model> models) {
        long began = System.nanoTime();
        ScenarioRunner runner = new ScenarioRunner(simulation, scenario, seed, observer);
        Verdict converged = runner.play();
        Duration wallTime = Duration.ofNanos(System.nanoTime() - began);
        return runner.result(wallTime, converged, models);
    }

    /** Returns whether the replicas have converged. */
    private Verdict play() {
        scenario.links().forEach(link -> world.links().apply(link));
        Duration last = Duration.ZERO;
        for (Step step : scenario.steps()) {
            last = step.at().compareTo(last) > 0 ? step.at() : last;
            if (step instanceof Step.Ask ask) {
                unfinished++;
                Script script = scripts.computeIfAbsent(ask.client(), Script::new);
                world.plan(ask.at(), () -> script.add(ask));
            } else if (step instanceof Step.Inject inject) {
                world.plan(inject.at(), () -> world.apply(inject.fault()));
            }
        }
        scenario.workload().ifPresent(this::startWorkload);
        world.runTo(last);
        // Every operation ends, by its client's time-out if by nothing else.
        while (unfinished > 0 && world.step()) {
            // Each step is one event.
        }
        return settle();
    }

    private Verdict settle() {
        Duration limit = world.now().plus(scenario.settle());
        Verdict verdict = Quiescence.judge(world.views());
        while (verdict instanceof Verdict.Violated && world.now().compareTo(limit) < 0) {
            world.runTo(world.now().plus(GLANCE));
            verdict = Quiescence.judge(world.views());
        }
        return verdict;
    }

    private void judge(Step.Ask ask, Outcome outcome, Duration took) {
        if (ask.expectation().isNothing()) {
            return;
        }
        List<String> unmet = ask.expectation().unmet(outcome, took);
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
        SeededRandom random = SeededRandom.stream(seed, "workload");
        int[] left = {workload.operations()};
        for (int i = 0; i < workload.clients(); i++) {
            Client client = world.client(Workload.CLIENT + (i + 1));
            client.setTimeout(scenario.timeout().plus(GRACE));
            NodeId via = scenario.replicas().get(i % scenario.replicas().size());
            unfinished++;
            world.after(workload.thinkTime(), random, () -> nextOperation(workload, client, via, random, left));
        }
    }

    private void nextOperation(Workload workload, Client client, NodeId at, SeededRandom random, int[] left) {
        if (left[0] == 0) {
            unfinished--;
            return;
        }
        Value unused = Value.of(workload.operations() - left[0]-- + 1L);
        List<NodeId> replicas = scenario.replicas();
        boolean moves = workload.moves() > 0 && random.nextDouble() < workload.moves();
        NodeId via = moves ? replicas.get(random.nextInt(replicas.size())) : at;
        Operation operation = operation(workload, random, unused);
        client.invoke(via, operation, outcome -> {
            Runnable next = () ->
                    world.after(workload.thinkTime(), random, () -> nextOperation(workload, client, via, random, left));
            if (workload.redirects() && outcome instanceof Outcome.Refused it && it.reason() == Reason.NOT_LEADER) {
                client.invoke(NodeId.of(it.detail()), operation, again -> next.run());
            } else {
                next.run();
            }
        });
    }

    private static Operation operation(Workload workload, SeededRandom random, Value unused) {
        Key key = Key.of("k" + random.nextInt(workload.keys()));
        double kind = random.nextDouble();
        if (kind < workload.reads()) {
            return new Operation.Read(key);
        }
        return kind < workload.reads() + workload.deletes()
                ? new Operation.Delete(key)
                : new Operation.Write(key, unused);
    }

    private Run result(Duration wallTime, Verdict converged, Collection<Model> models) {
        History history = recording.history();
        Map<Model, Verdict> verdicts = Judge.judge(scenario.expected(), models, history, converged);
        checks.addAll(Judge.compare(scenario.expected(), verdicts));
        checks.sort(Comparator.comparingInt(check -> check.line().orElse(Integer.MAX_VALUE)));
        Run.Counts counts = new Run.Counts(counter.operations, counter.deliveries, counter.losses, world.events());
        return new Run(scenario, seed, List.copyOf(checks), history, verdicts, world.now(), wallTime, counts);
    }
}
