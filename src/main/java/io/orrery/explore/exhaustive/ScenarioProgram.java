package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Happening.Arrival;
import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.explore.exhaustive.Happening.Striking;
import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.oracle.Oracles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A scenario as a program to explore. Its replicas have met. Each client has its operations in their order, one at a time;
 * each message arrives once, at any time, as links keep no order; planned crashes, wipes and restarts come at any time, those
 * of one replica in their order. The times of the scenario mean nothing here. Disks are quick, and lose nothing that was
 * kept.
 */
public final class ScenarioProgram implements Program {
    /** So many messages of a greeting nobody waits for. */
    private static final int MOST_GREETINGS = 100_000;

    private final Scenario scenario;
    private final Machine[] machines;
    private final Map<String, List<Step.Ask>> asks = new LinkedHashMap<>();
    private final List<Happening> first = new ArrayList<>();
    private final LocalState[] states;
    private final List<Happening> pending = new ArrayList<>();

    /**
     * @param depth how many timers may fire at each replica
     * @throws IllegalArgumentException when the scenario has what cannot be explored; the message says what to leave out
     */
    public ScenarioProgram(Scenario scenario, int depth) {
        this.scenario = scenario;
        requireExplorable();
        List<NodeId> replicas = scenario.replicas();
        Map<NodeId, Integer> numbers = new HashMap<>();
        replicas.forEach(replica -> numbers.put(replica, numbers.size()));
        machines = new Machine[replicas.size()];
        for (int i = 0; i < machines.length; i++) {
            machines[i] = new Machine(
                    scenario.protocol(),
                    new ReplicaSettings(replicas.get(i), replicas, scenario.options(), scenario.tuning()),
                    numbers::get,
                    depth,
                    this::next);
        }
        states = new LocalState[machines.length];
        greet();
        for (Machine machine : machines) {
            first.addAll(machine.root().made);
        }
        Map<NodeId, Striking> last = new HashMap<>();
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Ask ask) {
                asks.computeIfAbsent(ask.client(), client -> new ArrayList<>()).add(ask);
            } else if (step instanceof Step.Inject inject && inject.fault() instanceof Fault.OfReplica fault) {
                Striking striking =
                        new Striking(inject, fault, numbers.get(fault.replica()), last.get(fault.replica()));
                last.put(fault.replica(), striking);
                first.add(striking);
            }
        }
        asks.values()
                .forEach(all ->
                        first.add(new Asking(all.get(0), 0, numberOf(all.get(0).via()), "", null)));
        restart();
    }

    private void requireExplorable() {
        if (scenario.workload().isPresent()) {
            throw new IllegalArgumentException(
                    "a workload cannot be explored: write the few operations that matter as steps");
        }
        if (scenario.random().isPresent()) {
            throw new IllegalArgumentException(
                    "random faults cannot be explored: write the crashes and restarts that matter as steps");
        }
        requireNoTime(scenario.expected().invariants());
        if (scenario.links().stream().map(Fault.ChangeLinks::change).anyMatch(ScenarioProgram::losesOrDoubles)) {
            throw new IllegalArgumentException(
                    "links that lose or double messages cannot be explored; every delay is tried anyway");
        }
        if (!scenario.conditions().equals(Conditions.IDEAL) || !scenario.disk().equals(DiskModel.INSTANT)) {
            throw new IllegalArgumentException(
                    "disks, clients, start and conditions of a scenario's own cannot be explored: each"
                            + " entry is on disk at once, and clients are beside their replicas");
        }
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Ask ask && ask.operation() instanceof Operation.CompareAndSet) {
                throw new IllegalArgumentException(
                        "line " + ask.line()
                                + ": a cas cannot be explored, as it depends on what its client has seen; put, get and delete can");
            }
            if (step instanceof Step.Inject inject
                    && !(inject.fault() instanceof Fault.Crash
                            || inject.fault() instanceof Fault.Wipe
                            || inject.fault() instanceof Fault.Restart)) {
                throw new IllegalArgumentException("line " + inject.line() + ": the fault \"" + inject.fault()
                        + "\" cannot be explored; crash, wipe and restart can, and every delay is tried anyway");
            }
        }
    }

    /** Whoever asks for all invariants means those that can be watched over. */
    private void requireNoTime(List<String> invariants) {
        List<String> all = names(Oracles.of(scenario.protocol()));
        List<String> watched = names(Oracles.withoutTime(scenario.protocol()));
        if (!invariants.containsAll(all) && !watched.containsAll(invariants)) {
            throw new IllegalArgumentException("line " + scenario.expected().invariantsLine()
                    + ": some of these invariants are about time, which there is none of here; leave them to sim and sweep,"
                    + " and watch over " + String.join(", ", watched));
        }
    }

    private static List<String> names(List<NamedInvariant> invariants) {
        return invariants.stream().map(NamedInvariant::name).toList();
    }

    private static boolean losesOrDoubles(LinkChange change) {
        return change.loss().orElse(0.0) > 0
                || change.duplicate().orElse(0.0) > 0
                || change.cut().orElse(false);
    }

    private void greet() {
        Queue<Arrival> underWay = new ArrayDeque<>();
        for (Machine machine : machines) {
            underWay.addAll(machine.greetingsSent());
        }
        for (int i = 0; !underWay.isEmpty(); i++) {
            if (i == MOST_GREETINGS) {
                throw new IllegalArgumentException(
                        "replicas of " + scenario.protocol() + " never stop to greet each other");
            }
            Arrival next = underWay.poll();
            underWay.addAll(machines[next.receiver()].greet(next));
        }
        for (Machine machine : machines) {
            machine.greeted();
        }
    }

    private int numberOf(NodeId replica) {
        return scenario.replicas().indexOf(replica);
    }

    private Happening next(Asking asked, Outcome outcome, Happening cause) {
        List<Step.Ask> all = asks.get(asked.ask.client());
        if (asked.number + 1 == all.size()) {
            return null;
        }
        Step.Ask ask = all.get(asked.number + 1);
        String session = outcome.session().isEmpty() ? asked.session : outcome.session();
        return new Asking(ask, asked.number + 1, numberOf(ask.via()), session, cause);
    }

    /** The replicas, in the order of the scenario. */
    List<Machine> machines() {
        return List.of(machines);
    }

    @Override
    public void restart() {
        pending.clear();
        pending.addAll(first);
        for (int i = 0; i < states.length; i++) {
            states[i] = machines[i].root();
        }
    }

    @Override
    public List<Event> enabled() {
        List<Event> enabled = new ArrayList<>(pending.size());
        for (Happening happening : pending) {
            if (happening.after() == null || !pending.contains(happening.after())) {
                enabled.add(happening);
            }
        }
        return enabled;
    }

    @Override
    public void execute(Event event) {
        Happening happening = (Happening) event;
        int at = event.receiver();
        LocalState state = machines[at].after(states[at], happening);
        states[at] = state;
        pending.remove(happening);
        if (!state.stopped.isEmpty()) {
            pending.removeAll(state.stopped);
        }
        pending.addAll(state.made);
    }

    /** The state of a replica after what has been executed. */
    LocalState state(int replica) {
        return states[replica];
    }

    /** What a replica holds now; null where it is down. */
    Holding holding(int replica) {
        return states[replica].isUp ? machines[replica].holding(states[replica]) : null;
    }
}
