package io.orrery.testkit.protocol;

import io.orrery.check.Model;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.scenario.Workload;
import io.orrery.simulation.PaceModel;
import io.orrery.simulation.oracle.Oracles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Scenarios generated from a number: a workload with random faults, all of which end. */
public final class GeneratedScenarios {
    private static final Duration LENGTH = Duration.ofMillis(400);

    private final SeededRandom random;
    private final List<NodeId> replicas;
    private final List<Step> steps = new ArrayList<>();
    private final boolean judged;
    /**
     * Whether the promises hold beside a twin: not if clients must stay at one replica, because they reach either
     * process; nor if clients of the leader see at once what it has ordered, which is void if it has been replaced.
     */
    private final boolean keptBesideATwin;

    private GeneratedScenarios(ProtocolType protocol, long number, boolean judged, boolean twins) {
        this.judged = judged;
        keptBesideATwin = twins
                && protocol.promises().moving()
                && !protocol.promises().models().contains(Model.SEQUENTIAL.id());
        random = SeededRandom.stream(number, "scenario");
        replicas = IntStream.range(0, 2 + random.nextInt(4))
                .mapToObj(i -> NodeId.of(String.valueOf((char) ('A' + i))))
                .toList();
    }

    public static Scenario of(ProtocolType protocol, long number) {
        return new GeneratedScenarios(protocol, number, false, true).generate(protocol, number);
    }

    /**
     * A scenario in which the protocol must keep its promises: no disk is lost, and clients move if the promises allow
     * it.
     */
    public static Scenario withinPromises(ProtocolType protocol, long number) {
        return new GeneratedScenarios(protocol, number, true, true).generate(protocol, number);
    }

    /** The same without twins. */
    public static Scenario withoutTwins(ProtocolType protocol, long number) {
        return new GeneratedScenarios(protocol, number, true, false).generate(protocol, number);
    }

    private Scenario generate(ProtocolType protocol, long number) {
        int faults = random.nextInt(8);
        for (int i = 0; i < faults; i++) {
            Duration at = Duration.ofNanos(random.nextLong(LENGTH.toNanos()));
            steps.add(new Step.Inject(at, i, fault(at)));
        }
        steps.add(new Step.Inject(LENGTH, faults, Fault.Heal.ALL));
        Set<NodeId> running = runningAtTheEnd();
        for (NodeId id : replicas) {
            steps.add(new Step.Inject(LENGTH, faults, new Fault.Resume(id)));
            if (!running.contains(id)) {
                steps.add(new Step.Inject(LENGTH, faults, new Fault.Restart(id)));
            }
        }
        Workload workload = judged ? busyWorkload(number, protocol.promises().moving()) : workload();
        return new Scenario(
                "generated-" + number,
                "generated-" + number,
                "generated",
                protocol,
                replicas,
                ProtocolOptions.usual(replicas),
                List.of(links()),
                random.nextInt(3) == 0 ? Delay.NONE : delay(),
                new Tuning(
                        Duration.ofMillis(500), Duration.ofMillis(20), 1 + random.nextInt(20), 1 + random.nextInt(50)),
                PaceModel.IDEAL,
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Optional.of(workload),
                steps,
                new Scenario.Expected(
                        protocol.converges() ? Map.of(Model.CONVERGED, true) : Map.of(),
                        Map.of(),
                        Oracles.of(protocol).stream().map(NamedInvariant::name).toList(),
                        0));
    }

    /**
     * The replicas that run after all faults, each as one process: what runs is not restarted, as that would repair what is
     * stuck.
     */
    private Set<NodeId> runningAtTheEnd() {
        Set<NodeId> running = new LinkedHashSet<>(replicas);
        steps.stream().sorted(Comparator.comparing(Step::at)).forEach(step -> {
            Fault fault = ((Step.Inject) step).fault();
            if (fault instanceof Fault.Restart restart) {
                running.add(restart.replica());
            } else if (fault instanceof Fault.OfReplica of
                    && !(fault instanceof Fault.Pause)
                    && !(fault instanceof Fault.Resume)) {
                running.remove(of.replica());
            }
        });
        return running;
    }

    private Workload workload() {
        return new Workload(
                1 + random.nextInt(6),
                20 + random.nextInt(60),
                1 + random.nextInt(5),
                random.nextDouble() * 0.6,
                random.nextDouble() * 0.3,
                0,
                delay(),
                false);
    }

    /** A workload that observes much: more clients than replicas, short think times, and many reads of written keys. */
    private Workload busyWorkload(long number, boolean mayMove) {
        return new Workload(
                replicas.size() + random.nextInt(4),
                60 + random.nextInt(60),
                2 + random.nextInt(3),
                0.4 + random.nextDouble() * 0.3,
                // A read of an absent key may have seen any delete: with many deletes the verdict can be undecided.
                number % 5 == 0 ? 0.05 : 0,
                mayMove ? (number % 3) * 0.2 : 0,
                new Delay.Exponential(Duration.ofMillis(1 + random.nextInt(6))),
                false);
    }

    private Fault.ChangeLinks links() {
        LinkChange change = new LinkChange(
                Optional.of(delay()),
                Optional.of(random.nextInt(2) * random.nextDouble() * 0.4),
                Optional.of(random.nextInt(2) * random.nextDouble() * 0.4),
                Optional.empty());
        return new Fault.ChangeLinks(Optional.empty(), Optional.empty(), change);
    }

    private Delay delay() {
        Duration some = Duration.ofMillis(1 + random.nextInt(20));
        return switch (random.nextInt(4)) {
            case 0 -> new Delay.Fixed(some);
            case 1 -> new Delay.Uniform(Duration.ZERO, some);
            case 2 -> new Delay.Exponential(some);
            default -> new Delay.Normal(some, some.dividedBy(2));
        };
    }

    private Fault fault(Duration at) {
        NodeId one = replica();
        return switch (random.nextInt(12)) {
            case 0 -> new Fault.Crash(one);
            case 1 -> judged ? new Fault.Crash(one) : new Fault.Wipe(one);
            case 2, 3 -> new Fault.Restart(one);
            case 4 -> new Fault.Pause(one);
            case 5 -> new Fault.Resume(one);
            case 6 -> new Fault.Isolate(one);
            case 7 -> new Fault.Partition(groups());
            case 8 -> judged && !keptBesideATwin ? new Fault.Crash(one) : new Fault.Twin(one);
            case 9 ->
                judged
                        ? new Fault.Restart(one)
                        : new Fault.Restore(one, Duration.ofNanos(random.nextLong(at.toNanos() + 1)));
            case 10 -> new Fault.ChangeLinks(Optional.of(one), Optional.empty(), LinkChange.CUT);
            default -> Fault.Heal.ALL;
        };
    }

    private List<Set<NodeId>> groups() {
        Set<NodeId> left = new LinkedHashSet<>();
        Set<NodeId> right = new LinkedHashSet<>();
        replicas.forEach(id -> (random.nextInt(2) == 0 ? left : right).add(id));
        return List.of(left, right);
    }

    private NodeId replica() {
        return replicas.get(random.nextInt(replicas.size()));
    }
}
