package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A scenario file, read and checked.
 *
 * @param name the file's name without its ending
 * @param links initial changes of the links, in their order
 * @param pace how fast the replicas are, in the simulation
 * @param limits what replicas let wait, and how long an operation may; then its outcome is unknown
 * @param conditions what the world shares with live replicas beyond its links and disks; the start's links are empty
 * @param settle how long, after the last step, the replicas may take to converge
 * @param random faults beside those of the steps, of which a seed decides; empty where there are none
 */
public record Scenario(
        String name,
        String file,
        String title,
        ProtocolType protocol,
        List<NodeId> replicas,
        ProtocolOptions options,
        List<Fault.ChangeLinks> links,
        DiskModel disk,
        ReplicaSettings.Tuning tuning,
        PaceModel pace,
        ReplicaLimits limits,
        Duration settle,
        Optional<Workload> workload,
        List<Step> steps,
        Optional<RandomFaults> random,
        Expected expected,
        Conditions conditions) {
    /** How long an operation may wait at a replica. */
    public Duration timeout() {
        return limits.timeout();
    }

    /** The same with another expectation. */
    public Scenario expecting(Expected other) {
        return with(protocol, links, workload, steps, random, other, conditions);
    }

    /** The same, in which these models must hold besides. */
    public Scenario alsoHolding(Collection<Model> models) {
        Map<Model, Boolean> verdicts = new TreeMap<>(expected.verdicts());
        models.forEach(model -> verdicts.put(model, true));
        return expecting(new Expected(verdicts, expected.lines(), expected.invariants(), expected.invariantsLine()));
    }

    /** The same under other conditions. */
    public Scenario withConditions(Conditions changed) {
        return with(protocol, links, workload, steps, random, expected, changed);
    }

    /** The models that the protocol promises to clients such as those of this scenario, under such faults. */
    public Set<Model> promised() {
        return Promised.of(protocol, workload, steps, random).verdicts().keySet();
    }

    /** Whether anything is expected of the run or of a step. */
    public boolean expectsAnything() {
        return !expected.verdicts().isEmpty() || !expected.invariants().isEmpty() || expectsOfSteps();
    }

    /** Whether a step expects something. */
    public boolean expectsOfSteps() {
        return steps.stream()
                .anyMatch(step ->
                        step instanceof Step.Ask ask && !ask.expectation().isNothing());
    }

    /** When the last step happens. */
    Duration lastStep() {
        return steps.stream().map(Step::at).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /**
     * What is expected of the whole run.
     *
     * @param verdicts for each model whether it should hold; other models are not judged
     * @param lines the line of each in the file
     * @param invariants the names of those that must hold at each step of a simulation: see {@link
     *     io.orrery.simulation.oracle.Oracles}
     * @param invariantsLine their line in the file, 0 where there is none
     */
    public record Expected(
            Map<Model, Boolean> verdicts, Map<Model, Integer> lines, List<String> invariants, int invariantsLine) {
        /** Without invariants. */
        public Expected(Map<Model, Boolean> verdicts, Map<Model, Integer> lines) {
            this(verdicts, lines, List.of(), 0);
        }

        public Expected {
            invariants = List.copyOf(invariants);
            verdicts = Collections.unmodifiableMap(new TreeMap<>(verdicts));
            lines = Collections.unmodifiableMap(new TreeMap<>(lines));
        }
    }

    /** What this seed makes of the random faults. */
    List<Episode> plan(long seed) {
        return random.map(faults -> faults.plan(this, seed)).orElse(List.of());
    }

    /** How many random faults of each kind this seed makes, where all are carried out; empty if there are none. */
    public List<Run.FaultCount> plannedFaults(long seed) {
        return random.map(faults -> FiredFaults.carriedOut(faults, plan(seed))).orElse(List.of());
    }

    /** The same with what this seed makes of the random faults as steps. */
    public Scenario withPlannedFaults(long seed) {
        return with(plan(seed));
    }

    /** The same with the faults of a plan as steps. */
    Scenario with(List<Episode> plan) {
        List<Step> all = new ArrayList<>(steps);
        int line = random.map(RandomFaults::line).orElse(0);
        for (Episode episode : plan) {
            all.add(new Step.Inject(episode.from(), line, episode.fault(), episode.midStep()));
            episode.ends().forEach(end -> all.add(new Step.Inject(episode.to(), line, end)));
        }
        return playing(all);
    }

    /** The same without faults: neither those of the steps, nor random ones. */
    public Scenario withoutFaults() {
        return playing(
                steps.stream().filter(step -> !(step instanceof Step.Inject)).toList());
    }

    /** The same with these steps and no random faults. */
    private Scenario playing(List<Step> all) {
        return with(protocol, links, workload, all, Optional.empty(), expected, conditions);
    }

    /** The same, where replicas have so long to converge. */
    public Scenario settlingWithin(Duration other) {
        return new Scenario(
                name,
                file,
                title,
                protocol,
                replicas,
                options,
                links,
                disk,
                tuning,
                pace,
                limits,
                other,
                workload,
                steps,
                random,
                expected,
                conditions);
    }

    /** The same replicas with another workload and other steps, without expectations. */
    public Scenario with(
            ProtocolType otherProtocol,
            List<Fault.ChangeLinks> otherLinks,
            Optional<Workload> otherWorkload,
            List<Step> otherSteps) {
        Expected nothing = new Expected(Collections.emptyMap(), Collections.emptyMap());
        return with(otherProtocol, otherLinks, otherWorkload, otherSteps, random, nothing, conditions);
    }

    private Scenario with(
            ProtocolType otherProtocol,
            List<Fault.ChangeLinks> otherLinks,
            Optional<Workload> otherWorkload,
            List<Step> otherSteps,
            Optional<RandomFaults> otherRandom,
            Expected otherExpected,
            Conditions otherConditions) {
        return new Scenario(
                name,
                file,
                title,
                otherProtocol,
                replicas,
                options,
                otherLinks,
                disk,
                tuning,
                pace,
                limits,
                settle,
                otherWorkload,
                otherSteps,
                otherRandom,
                otherExpected,
                otherConditions);
    }
}
