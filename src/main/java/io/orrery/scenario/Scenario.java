package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A scenario file, read and checked.
 *
 * @param name the file's name without its ending
 * @param links initial changes of the links, in their order
 * @param pace how fast the replicas are, in the simulation
 * @param timeout how long an operation may wait at a replica; then its outcome is unknown
 * @param conditions what the world shares with live replicas beyond its links and disks; the start's links are empty
 * @param settle how long, after the last step, the replicas may take to converge
 */
public record Scenario(
        String name,
        String file,
        String title,
        ProtocolType protocol,
        List<NodeId> replicas,
        ProtocolOptions options,
        List<Fault.ChangeLinks> links,
        Delay diskSync,
        ReplicaSettings.Tuning tuning,
        PaceModel pace,
        Duration timeout,
        Duration settle,
        Optional<Workload> workload,
        List<Step> steps,
        Expected expected,
        Conditions conditions) {
    /** Under {@linkplain Conditions#IDEAL ideal} conditions. */
    public Scenario(
            String name,
            String file,
            String title,
            ProtocolType protocol,
            List<NodeId> replicas,
            ProtocolOptions options,
            List<Fault.ChangeLinks> links,
            Delay diskSync,
            ReplicaSettings.Tuning tuning,
            PaceModel pace,
            Duration timeout,
            Duration settle,
            Optional<Workload> workload,
            List<Step> steps,
            Expected expected) {
        this(
                name,
                file,
                title,
                protocol,
                replicas,
                options,
                links,
                diskSync,
                tuning,
                pace,
                timeout,
                settle,
                workload,
                steps,
                expected,
                Conditions.IDEAL);
    }

    /** The same with another expectation. */
    public Scenario expecting(Expected other) {
        return new Scenario(
                name,
                file,
                title,
                protocol,
                replicas,
                options,
                links,
                diskSync,
                tuning,
                pace,
                timeout,
                settle,
                workload,
                steps,
                other,
                conditions);
    }

    /** The same under other conditions. */
    public Scenario withConditions(Conditions changed) {
        return new Scenario(
                name, file, title, protocol, replicas, options, links, diskSync, tuning, pace, timeout, settle,
                workload, steps, expected, changed);
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

    /** The same replicas with another workload and other steps, without expectations. */
    public Scenario with(
            ProtocolType otherProtocol,
            List<Fault.ChangeLinks> otherLinks,
            Optional<Workload> otherWorkload,
            List<Step> otherSteps) {
        return new Scenario(
                name,
                file,
                title,
                otherProtocol,
                replicas,
                options,
                otherLinks,
                diskSync,
                tuning,
                pace,
                timeout,
                settle,
                otherWorkload,
                otherSteps,
                new Expected(Collections.emptyMap(), Collections.emptyMap()),
                conditions);
    }
}
