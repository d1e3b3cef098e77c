package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Happening.Arrival;
import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.explore.exhaustive.Happening.Firing;
import io.orrery.explore.exhaustive.Happening.Striking;
import io.orrery.network.Fault;
import io.orrery.protocol.NamedInvariant;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.oracle.Breach;
import io.orrery.simulation.oracle.Oracles;
import io.orrery.simulation.oracle.WatchedReplicas;
import java.util.ArrayList;
import java.util.List;

/** Watches over the invariants of a scenario: runs an execution once more, and looks at it after each event. */
final class Watch {
    private final Scenario scenario;
    private final List<Machine> machines;
    private final List<String> invariants;
    private final boolean hasFaults;

    /** What did not hold, and how many events it took until it was seen. */
    record Seen(Breach breach, int events) {}

    Watch(Scenario scenario, List<Machine> machines) {
        this.scenario = scenario;
        this.machines = machines;
        this.invariants = Oracles.withoutTime(scenario.protocol()).stream()
                .map(NamedInvariant::name)
                .filter(scenario.expected().invariants()::contains)
                .toList();
        this.hasFaults = scenario.steps().stream().anyMatch(step -> step instanceof Step.Inject);
    }

    /** What does not hold in an execution, of each invariant the first time. */
    List<Seen> over(List<? extends Program.Event> events) {
        WatchedReplicas replicas = new WatchedReplicas(
                scenario.protocol(), machines.stream().map(Machine::settings).toList(), invariants);
        int[] lives = new int[machines.size()];
        for (int i = 0; i < lives.length; i++) {
            lives[i] = 1;
            replicas.start(machines.get(i).settings().self(), machines.get(i).start(1));
        }
        for (Machine machine : machines) {
            machine.greetings().forEach(it -> replicas.message(it.at(), it.from, it.message));
        }
        replicas.begin();
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            happens((Happening) events.get(i), replicas, lives);
            note(replicas, seen, i + 1);
        }
        if (!hasFaults) {
            replicas.rest(); // Otherwise a replica may still lack what only a timer makes good.
            note(replicas, seen, events.size());
        }
        return seen;
    }

    private static void note(WatchedReplicas replicas, List<Seen> seen, int events) {
        List<Breach> all = replicas.breaches();
        all.subList(seen.size(), all.size()).forEach(breach -> seen.add(new Seen(breach, events)));
    }

    private void happens(Happening happening, WatchedReplicas replicas, int[] lives) {
        try {
            if (happening instanceof Arrival arrival) {
                replicas.message(arrival.at(), arrival.from, arrival.message);
            } else if (happening instanceof Firing firing) {
                replicas.timer(firing.at(), firing.timer);
            } else if (happening instanceof Asking asking) {
                replicas.request(asking.at(), asking.ask.client(), asking.ask.operation(), asking.session);
            } else if (happening instanceof Striking striking) {
                replicas.strike(striking.fault);
                if (striking.fault instanceof Fault.Restart) {
                    int at = striking.receiver();
                    replicas.start(striking.at(), machines.get(at).start(++lives[at]));
                }
            }
        } catch (RuntimeException e) {
            replicas.strike(new Fault.Crash(happening.at())); // The exploration tells of the failure.
        }
    }
}
