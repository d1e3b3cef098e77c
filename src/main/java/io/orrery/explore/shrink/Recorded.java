package io.orrery.explore.shrink;

import io.orrery.history.Op;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was left to chance in a run, as steps: who asked what and when, and how long messages took, or that they were lost. */
final class Recorded implements WorldObserver {
    private final List<Step> made = new ArrayList<>();
    private final List<Step.Ask> asked = new ArrayList<>();
    /** By time, link and kind: what happened to the messages that were sent then. */
    private final Map<Sending, Fate> fates = new LinkedHashMap<>();

    private World world;

    /** Messages that one rule can name. */
    private record Sending(Duration at, NodeId from, NodeId to) {}

    /** What became of them. */
    private static final class Fate {
        private Duration delay;
        private boolean isLost;
        private int copies;
    }

    @Override
    public void began(World begun) {
        world = begun;
        fates.clear();
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        asked.add(new Step.Ask(world.now(), 0, client, via, operation, Expectation.NOTHING));
    }

    @Override
    public void sent(InFlightMessage message) {
        if (world != null) {
            Fate fate = fate(message);
            if (fate.copies == 0) {
                fate.delay = Duration.ofNanos(message.delayNanos());
            }
            fate.copies++;
        }
    }

    @Override
    public void lost(InFlightMessage message, Loss why) {
        if (world != null && why == Loss.LOST) {
            fate(message).isLost = true;
        }
    }

    private Fate fate(InFlightMessage message) {
        return fates.computeIfAbsent(new Sending(world.now(), message.from(), message.to()), it -> new Fate());
    }

    /** The steps that {@link #operationsAsSteps} made of these operations; none if clients' requests were doubled. */
    List<Step> stepsOf(List<Op> operations) {
        return operations.stream().allMatch(op -> op.number() < made.size())
                ? operations.stream().map(op -> made.get(op.number())).toList()
                : List.of();
    }

    /** How many operations clients invoked. */
    int operations() {
        return asked.size();
    }

    /** The scenario with the operations of its clients, those of a workload among them, as steps. */
    Scenario operationsAsSteps(Scenario scenario, long seed) {
        Scenario planned = scenario.withPlannedFaults(seed);
        List<Step> steps = new ArrayList<>();
        planned.steps().stream().filter(Step.Inject.class::isInstance).forEach(steps::add);
        Map<String, List<Step.Ask>> scripts = new LinkedHashMap<>();
        planned.steps().forEach(step -> {
            if (step instanceof Step.Ask ask) {
                scripts.computeIfAbsent(ask.client(), client -> new ArrayList<>())
                        .add(ask);
            }
        });
        // Steps keep what they expect.
        Map<String, Integer> next = new LinkedHashMap<>();
        for (Step.Ask ask : asked) {
            int index = next.merge(ask.client(), 1, Integer::sum) - 1;
            List<Step.Ask> script = scripts.getOrDefault(ask.client(), List.of());
            boolean isKnown =
                    index < script.size() && script.get(index).operation().equals(ask.operation());
            Expectation expectation = isKnown ? script.get(index).expectation() : Expectation.NOTHING;
            // A line of its own tells equal steps apart.
            made.add(new Step.Ask(ask.at(), made.size() + 1, ask.client(), ask.via(), ask.operation(), expectation));
        }
        steps.addAll(made);
        steps.sort(Comparator.comparing(Step::at));
        return Edit.of(planned).workload(Optional.empty()).steps(steps).scenario();
    }

    /**
     * A scenario with what happened to its messages as changes of links, and a fixed delay otherwise.
     *
     * @param from messages that were sent before this are left to the fixed delay
     * @param to messages that were sent after it, too
     */
    Scenario fatesAsSteps(Scenario scenario, Duration usual, Duration from, Duration to) {
        List<Step> changes = new ArrayList<>();
        Map<String, LinkChange> last = new LinkedHashMap<>();
        fates.forEach((sending, fate) -> {
            if (sending.at().compareTo(from) < 0 || sending.at().compareTo(to) > 0) {
                return;
            }
            LinkChange change = new LinkChange(
                    Optional.of(new Delay.Fixed(fate.delay == null ? usual : fate.delay)),
                    Optional.of(fate.isLost ? 1.0 : 0.0),
                    Optional.of(fate.copies > 1 ? 1.0 : 0.0),
                    Optional.empty());
            if (!change.equals(last.put(sending.from() + " " + sending.to(), change))) {
                changes.add(new Step.Inject(
                        sending.at(),
                        0,
                        new Fault.ChangeLinks(
                                Optional.of(sending.from()), Optional.of(sending.to()), Selector.ALL, change)));
            }
        });
        // Rules that the scenario changes by itself are replaced by what came of them.
        scenario.steps().stream()
                .filter(step -> !(step instanceof Step.Inject inject
                        && inject.fault() instanceof Fault.ChangeLinks link
                        && link.change().cut().isEmpty()))
                .forEach(changes::add);
        changes.sort(Comparator.comparing(Step::at));
        List<Fault.ChangeLinks> links = List.of(
                new Fault.ChangeLinks(Optional.empty(), Optional.empty(), LinkChange.delay(new Delay.Fixed(usual))));
        return Edit.of(scenario).links(links).steps(changes).scenario();
    }
}
