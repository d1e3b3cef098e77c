package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.loop.Chooser;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkRule;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ProtocolType;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.Recording;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.WorldSpec;
import io.orrery.simulation.oracle.Oracles;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Plays a scenario in a simulation, and compares what is seen with the expectations. */
public final class ScenarioRunner {
    /** The default rule of links: enough delay that messages sometimes overtake each other. */
    public static final LinkRule USUAL_LINK =
            new LinkRule(new Delay.Uniform(Duration.ofMillis(1), Duration.ofMillis(10)), 0, 0, false);

    /** How often convergence is checked after the last step, in virtual time. */
    private static final Duration GLANCE = Duration.ofMillis(10);

    /**
     * How long after the last fault a replica may take to answer: so often an answer, and so often the news of what it lacks,
     * may be lost on the way.
     */
    private static final int TIMEOUTS = 10;

    private static final int PERIODS_OF_ANTI_ENTROPY = 20;
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private final Scenario scenario;
    private final World world;
    private final ScenarioPlayer scenarioPlayer;
    private final Optional<FiredFaults> faults;
    private final Counter counter = new Counter();
    private final Recording recording = new Recording();
    private final Optional<Oracles> oracles;
    private final WorldObserver ofTheRun;
    private boolean over;
    private boolean isJudged;

    /** Counts messages. */
    private static final class Counter implements WorldObserver {
        private long deliveries;
        private long losses;

        @Override
        public void delivered(InFlightMessage inFlightMessage) {
            deliveries++;
        }

        @Override
        public void lost(InFlightMessage inFlightMessage, Loss why) {
            losses++;
        }
    }

    /** A simulated world as the runtime of a scenario. */
    private record SimulatedStage(World world) implements ScenarioRuntime {
        @Override
        public Duration now() {
            return world.now();
        }

        @Override
        public void plan(Duration at, Runnable step) {
            world.plan(at, step);
        }

        @Override
        public void strike(Duration from, int points, Runnable step) {
            world.strike(from, points, step);
        }

        /** The world has the same seed. */
        @Override
        public SeededRandom stream(long seed, String use) {
            return world.stream(use);
        }

        @Override
        public void after(Delay delay, SeededRandom random, Runnable task) {
            world.after(delay, random, task);
        }

        @Override
        public void apply(Fault fault, Runnable done) {
            world.apply(fault);
            done.run();
        }

        @Override
        public Client client(String name, Duration patience) {
            io.orrery.simulation.Client client = world.client(name);
            client.setTimeout(patience);
            return client::invoke;
        }
    }

    private ScenarioRunner(
            Simulation simulation,
            Scenario read,
            long seed,
            Chooser chooser,
            WorldObserver observer,
            UnaryOperator<ProtocolType> lens) {
        List<Episode> plan = read.plan(seed);
        scenario = read.with(plan);
        faults = read.random().map(random -> new FiredFaults(random, plan));
        Conditions conditions = scenario.conditions();
        this.oracles = scenario.expected().invariants().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Oracles(scenario.protocol(), scenario.expected().invariants()));
        // What is seen when the end is judged is told too: it is of the run.
        oracles.ifPresent(watching -> watching.tell(observer));
        WorldSpec spec = new WorldSpec(
                lens.apply(oracles.map(Oracles::watched).orElse(scenario.protocol())),
                scenario.replicas(),
                scenario.options(),
                USUAL_LINK,
                scenario.disk(),
                scenario.tuning(),
                scenario.limits(),
                scenario.pace(),
                conditions.withStart(conditions.start().withLinks(scenario.links())));
        WorldObserver counters = faults.isPresent() ? WorldObserver.all(counter, faults.get()) : counter;
        // What is done to judge the end is no part of the run.
        ofTheRun = WorldObserver.during(() -> !isJudged, WorldObserver.all(counters, recording, observer));
        world = simulation.begin(
                spec,
                seed,
                chooser,
                WorldObserver.all(oracles.map(Oracles::observer).orElse(WorldObserver.NONE), ofTheRun));
        scenarioPlayer = new ScenarioPlayer(scenario, seed, new SimulatedStage(world), Duration.ZERO);
    }

    /**
     * Plays a scenario and judges it by the models that it has expectations of.
     *
     * @param observer is told every event
     */
    public static Run run(Simulation simulation, Scenario scenario, long seed, WorldObserver observer) {
        return run(simulation, scenario, seed, observer, List.of());
    }

    /** The same, judged by further models as well. */
    public static Run run(
            Simulation simulation, Scenario scenario, long seed, WorldObserver observer, Collection<Model> models) {
        return run(simulation, scenario, seed, Chooser.random(seed), observer, models);
    }

    /**
     * The same, with the order of steps and the delays of messages chosen by another than the seed's usual chooser.
     *
     * @param chooser for this run alone
     */
    public static Run run(
            Simulation simulation,
            Scenario scenario,
            long seed,
            Chooser chooser,
            WorldObserver observer,
            Collection<Model> models) {
        return run(simulation, scenario, seed, chooser, observer, models, UnaryOperator.identity());
    }

    /**
     * The same, with replicas that run what somebody makes of their protocol, to look at each of their steps; it may change
     * nothing.
     */
    public static Run run(
            Simulation simulation,
            Scenario scenario,
            long seed,
            Chooser chooser,
            WorldObserver observer,
            Collection<Model> models,
            UnaryOperator<ProtocolType> lens) {
        long began = System.nanoTime();
        ScenarioRunner runner = new ScenarioRunner(simulation, scenario, seed, chooser, observer, lens);
        Verdict converged = runner.play();
        Duration wallTime = Duration.ofNanos(System.nanoTime() - began);
        return runner.result(converged, models, wallTime);
    }

    /** Returns whether the replicas have converged. */
    private Verdict play() {
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Inject inject && inject.fault() instanceof Fault.Restore restore) {
                world.planCopy(restore);
            }
        }
        scenarioPlayer.begin(() -> over = true);
        world.runTo(scenario.lastStep());
        // Every operation ends, at the latest by its client's timeout.
        while (!over && world.step()) {
            // Each step is one event.
        }
        return settle();
    }

    private Verdict settle() {
        Duration limit = world.now().plus(scenario.settle());
        Verdict verdict = Quiescence.judge(world.views());
        // Wait for the disks as well: a crash could take back what is not synced, and effects wait for it.
        while ((Quiescence.mayYetConverge(scenario.protocol(), verdict, world.views())
                        || !world.isDurable()
                        || world.isRecovering())
                && world.now().compareTo(limit) < 0) {
            long before = world.events();
            world.runTo(world.now().plus(GLANCE));
            // Looking costs more than a rare event; without one, all is as it was.
            if (world.events() != before) {
                verdict = Quiescence.judge(world.views());
            }
        }
        return verdict;
    }

    private Run result(Verdict converged, Collection<Model> models, Duration wallTime) {
        Run.Simulated simulated = new Run.Simulated(world.now(), counter.deliveries, counter.losses);
        History history = recording.history();
        ofTheRun.ended();
        isJudged = true;
        List<Run.Check> invariants = oracles.map(this::invariants).orElse(List.of());
        return scenarioPlayer.result(
                history,
                converged,
                models,
                invariants,
                wallTime,
                Optional.of(simulated),
                faults.map(FiredFaults::counts).orElse(List.of()));
    }

    private List<Run.Check> invariants(Oracles watching) {
        Duration antiEntropy = scenario.tuning().antiEntropy();
        watching.conclude(LONG_ENOUGH
                .plus(scenario.timeout().multipliedBy(TIMEOUTS))
                .plus(antiEntropy.multipliedBy(PERIODS_OF_ANTI_ENTROPY)));
        return RunJudge.compare(scenario.expected(), watching.breaches());
    }
}
