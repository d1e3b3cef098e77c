package io.orrery.launch;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.client.Members;
import io.orrery.client.RequestFailure;
import io.orrery.client.RequestFailure.Kind;
import io.orrery.client.RestClient;
import io.orrery.client.ShownState;
import io.orrery.config.ConfigProblem;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.protocol.ReplicaView;
import io.orrery.scenario.Quiescence;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioPlayer;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.Step;
import io.orrery.scenario.TimeScale;
import io.orrery.simulation.Conditions;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Plays a scenario against replicas over HTTP in real time, and checks its expectations, as {@link ScenarioRunner} does
 * in a simulation. The replicas must be new, with the lab on. A scenario's sync times are ignored, since the disks are
 * real.
 */
public final class ClusterRunner {
    /**
     * The tolerance for the durations that a step expects, multiplied by the time scale: requests, processes and disks
     * take time that a scenario does not model.
     */
    public static final Duration TOLERANCE = Duration.ofMillis(250);

    /** The interval between checks of convergence after the last step. */
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** The time that ready nodes may take to form a cluster. */
    private static final Duration MEETING_LIMIT = Duration.ofMinutes(1);

    private final Scenario scenario;
    private final Map<NodeId, String> urls;
    private final Consumer<String> progress;

    private ClusterRunner(Scenario scenario, Map<NodeId, String> urls, Consumer<String> progress) {
        this.scenario = scenario;
        this.urls = new TreeMap<>(urls);
        this.progress = progress;
    }

    /** @throws ConfigProblem if the scenario needs what only a simulation has */
    public static void requirePlayable(Scenario scenario) {
        if (!scenario.conditions().equals(Conditions.IDEAL)) {
            throw new ConfigProblem(scenario.file()
                    + ": start, clients, encoding and membership are for a simulation: in a cluster they are"
                    + " what they are; play it without --cluster");
        }
        scenario.random()
                .ifPresent(random -> random.kinds().stream()
                        .filter(kind -> !kind.isLive())
                        .findFirst()
                        .ifPresent(kind -> {
                            throw new ConfigProblem(
                                    scenario.file() + ":" + random.line() + ": only in a simulation there are " + kind
                                            + "; leave them out, or play it without --cluster");
                        }));
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Inject inject && isOfSimulation(inject.fault())) {
                throw new ConfigProblem(scenario.file() + ":" + step.line()
                        + ": the fault exists only in a simulation: " + inject.fault() + "; play it without --cluster");
            }
        }
    }

    private static boolean isOfSimulation(Fault fault) {
        return fault instanceof Fault.FailDisk
                || fault instanceof Fault.DamageDisk
                || fault instanceof Fault.CutPower
                || fault instanceof Fault.Restore
                || fault instanceof Fault.Slow
                || fault instanceof Fault.ClockRate
                || fault instanceof Fault.ClockJump
                || fault instanceof Fault.Twin
                || fault instanceof Fault.Reset;
    }

    /**
     * Plays a scenario from beginning to end, and judges it by the models in its expectations and by further ones.
     *
     * @param scale the factor by which times are stretched
     * @param seed decides the workload
     * @param urls the address of each replica
     * @param progress takes short messages about what happens
     * @throws ConfigProblem if the scenario needs what only a simulation has
     * @throws RequestFailure if the nodes do not form a cluster, or a fault cannot be injected
     */
    public static Run run(
            Scenario scenario,
            TimeScale scale,
            long seed,
            Map<NodeId, String> urls,
            Collection<Model> models,
            Consumer<String> progress)
            throws InterruptedException {
        requirePlayable(scenario);
        long began = System.nanoTime();
        ClusterRunner runner = new ClusterRunner(scale.apply(scenario.withPlannedFaults(seed)), urls, progress);
        try (ClusterScenarioRuntime stage = new ClusterScenarioRuntime(runner.urls, progress)) {
            ScenarioPlayer scenarioPlayer = new ScenarioPlayer(runner.scenario, seed, stage, scale.apply(TOLERANCE));
            runner.awaitMembers();
            runner.setUp(stage, scale);
            stage.play(scenarioPlayer);
            Verdict converged = runner.settle();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return scenarioPlayer.result(
                    stage.history(), converged, models, took, Optional.empty(), scenario.plannedFaults(seed));
        }
    }

    /** Waits until all are members: messages and faults reach only known members. */
    private void awaitMembers() throws InterruptedException {
        long deadline = System.nanoTime() + MEETING_LIMIT.toNanos();
        while (!urls.values().stream().allMatch(url -> Members.areUp(new RestClient(url), urls.size()))) {
            if (System.nanoTime() > deadline) {
                throw new RequestFailure(
                        Kind.UNKNOWN,
                        "the nodes have not found each other within " + Durations.format(MEETING_LIMIT)
                                + ", so nothing was played");
            }
            TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
        }
    }

    /**
     * Applies the scenario's links only now: as in a simulation, the replicas have exchanged hellos over perfect links.
     */
    private void setUp(ClusterScenarioRuntime stage, TimeScale scale) {
        LinkChange usual = LinkChange.to(scale.apply(ScenarioRunner.USUAL_LINK));
        stage.apply(new Fault.ChangeLinks(Optional.empty(), Optional.empty(), usual));
        scenario.links().forEach(stage::apply);
        stage.connect();
    }

    private Verdict settle() throws InterruptedException {
        progress.accept("waiting for the replicas to converge");
        long deadline = System.nanoTime() + scenario.settle().toNanos();
        Verdict verdict = look();
        while (!verdict.equals(Verdict.HOLDS) && !areAsTheyStay(verdict) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(GLANCE.toMillis());
            verdict = look();
        }
        return verdict;
    }

    private boolean areAsTheyStay(Verdict verdict) {
        try {
            return verdict instanceof Verdict.Violated
                    && !Quiescence.mayYetConverge(scenario.protocol(), verdict, states());
        } catch (RequestFailure e) {
            return false;
        }
    }

    /** Reads the replicas one after another while they may still change, so a result counts only if two looks agree. */
    private Verdict look() {
        try {
            Verdict first = Quiescence.judge(states());
            return first.equals(Verdict.HOLDS) ? Quiescence.judge(states()) : first;
        } catch (RequestFailure e) {
            return new Verdict.Undecided(Verdict.Cause.SCOPE, "a replica does not show its state: " + e.getMessage());
        }
    }

    private Map<NodeId, ReplicaView> states() {
        Map<NodeId, ReplicaView> states = new TreeMap<>();
        urls.forEach((id, url) -> ShownState.of(new RestClient(url)).ifPresent(state -> states.put(id, state)));
        return states;
    }
}
