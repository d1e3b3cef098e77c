package io.orrery.explore.shrink;

import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.loop.Schedule;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.scenario.Step;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.simulation.oracle.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All small scenarios of a protocol, by their number of steps: reads, writes and deletes by two clients at each replica, on two
 * keys, and restarts, at once or one after the other; one constant delay, and one link that is late, cut or doubles for all
 * messages, those of a kind or those of a key. The first step names a first replica, client and key: names make no difference.
 */
final class SmallestScenarios {
    private static final List<Key> KEYS = List.of(Key.of("x"), Key.of("y"));
    private static final int CLIENTS = 2;
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(10), Duration.ZERO);
    private static final Duration USUAL = Duration.ofMillis(5);
    private static final List<LinkChange> CHANGES = List.of(
            LinkChange.delay(new Delay.Fixed(Duration.ofSeconds(1))),
            LinkChange.delay(new Delay.Fixed(Duration.ofMillis(25))),
            LinkChange.CUT,
            new LinkChange(Optional.empty(), Optional.empty(), Optional.of(1.0), Optional.empty()));

    private final Simulation simulation;
    private final Scenario base;
    private final Kind kind;
    private final List<List<Fault.ChangeLinks>> links;
    private long runs;

    /** @param base what is expected, disks and tuning; its replicas are all that there are */
    SmallestScenarios(Simulation simulation, Scenario base, Kind kind) {
        this.simulation = simulation;
        this.base = base;
        this.kind = kind;
        this.links = links();
    }

    /** How many were played. */
    long runs() {
        return runs;
    }

    /** The fewest steps with which the wrong shows; empty if more than so many. */
    OptionalInt fewest(int most) {
        for (int size = 1; size <= most; size++) {
            if (isAnyOf(List.of(), size)) {
                return OptionalInt.of(size);
            }
        }
        return OptionalInt.empty();
    }

    private boolean isAnyOf(List<Step> steps, int size) {
        if (steps.size() == size) {
            return PAUSES.stream().limit(size == 1 ? 1 : 2).anyMatch(pause -> shows(Times.apart(with(steps), pause)));
        }
        boolean isFirst = steps.isEmpty();
        for (NodeId via :
                base.replicas().subList(0, isFirst ? 1 : base.replicas().size())) {
            for (Key key : KEYS.subList(0, isFirst ? 1 : KEYS.size())) {
                for (int client = 0; client < (isFirst ? 1 : CLIENTS); client++) {
                    for (Operation operation : List.of(
                            new Operation.Write(key, Value.of(steps.size() + 1L)),
                            new Operation.Read(key),
                            new Operation.Delete(key))) {
                        Step ask = new Step.Ask(
                                Duration.ZERO,
                                steps.size() + 1,
                                "c" + client + via,
                                via,
                                operation,
                                Expectation.NOTHING);
                        if (isAnyOf(plus(steps, ask), size)) {
                            return true;
                        }
                    }
                }
            }
            Step restart = new Step.Inject(Duration.ZERO, 0, new Fault.Restart(via));
            if (!isFirst && isAnyOf(plus(steps, restart), size)) {
                return true;
            }
        }
        return false;
    }

    private Scenario with(List<Step> steps) {
        return Edit.of(base).steps(steps).scenario();
    }

    private boolean shows(Scenario scenario) {
        return links.stream().anyMatch(it -> isShown(Edit.of(scenario).links(it).scenario()));
    }

    private boolean isShown(Scenario scenario) {
        runs++;
        Repair repair = new Repair();
        Run run = ScenarioRunner.run(simulation, scenario, 1, WorldObserver.all(repair, WorldObserver.NONE));
        return Finding.of(scenario, 1, Schedule.USUAL, run).stream()
                        .anyMatch(it -> it.kind().equals(kind))
                && (!QuietEnd.concerns(kind) || QuietEnd.differForGood(repair, scenario));
    }

    private static List<Step> plus(List<Step> steps, Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return more;
    }

    private List<List<Fault.ChangeLinks>> links() {
        Fault.ChangeLinks usual =
                new Fault.ChangeLinks(Optional.empty(), Optional.empty(), LinkChange.delay(new Delay.Fixed(USUAL)));
        List<Selector> selectors = new ArrayList<>(List.of(Selector.ALL));
        base.protocol().vocabulary().kinds().stream().map(Selector::kind).forEach(selectors::add);
        selectors.add(Selector.key(KEYS.get(0)));
        List<List<Fault.ChangeLinks>> all = new ArrayList<>(List.of(List.of(usual)));
        for (NodeId from : base.replicas()) {
            for (NodeId to : base.replicas()) {
                for (Selector selector : from.equals(to) ? List.<Selector>of() : selectors) {
                    CHANGES.forEach(change -> all.add(List.of(
                            usual, new Fault.ChangeLinks(Optional.of(from), Optional.of(to), selector, change))));
                }
            }
        }
        return all;
    }
}
