package io.orrery.explore.shrink;

import io.orrery.history.Op;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.InFlightMessage;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.protocol.Message;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What was left to chance in a run, as steps: who asked what and when, and how long messages took, or that they were lost. */
final class Recorded implements WorldObserver {
    private final List<Step> made = new ArrayList<>();
    private final List<Step.Ask> asked = new ArrayList<>();
    /** What happened to each message, in the order in which they were sent. */
    private final List<Fate> fates = new ArrayList<>();
    /** The last message of each link: a copy follows at once. */
    private final Map<Link, Fate> lastOf = new HashMap<>();

    private World world;

    /** A directed link. */
    private record Link(NodeId from, NodeId to) {}

    /** What became of a message. */
    private static final class Fate {
        private final Duration at;
        private final Link link;
        private final Message message;
        /** Of its copies. */
        private final List<Duration> delays = new ArrayList<>();

        private Fate(Duration at, Link link, Message message) {
            this.at = at;
            this.link = link;
            this.message = message;
        }

        private Selector selector() {
            return new Selector(message.key(), Optional.of(message.kind()));
        }

        private boolean isLost() {
            return delays.isEmpty();
        }

        /** A constant change of its link that does the same to it; of two copies each is as late as the first one. */
        private LinkChange change(Duration usual) {
            return new LinkChange(
                    Optional.of(new Delay.Fixed(isLost() ? usual : delays.get(0))),
                    Optional.of(isLost() ? 1.0 : 0.0),
                    Optional.of(delays.size() > 1 ? 1.0 : 0.0),
                    Optional.empty());
        }
    }

    @Override
    public void began(World begun) {
        world = begun;
        fates.clear();
        lastOf.clear();
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        asked.add(new Step.Ask(world.now(), 0, client, via, operation, Expectation.NOTHING));
    }

    @Override
    public void sent(InFlightMessage message) {
        if (world != null) {
            fate(message).delays.add(Duration.ofNanos(message.delayNanos()));
        }
    }

    @Override
    public void lost(InFlightMessage message, Loss why) {
        if (world != null && why == Loss.LOST) {
            fate(message);
        }
    }

    private Fate fate(InFlightMessage message) {
        Link link = new Link(message.from(), message.to());
        Fate last = lastOf.get(link);
        boolean isCopy = last != null && last.message == message.message() && last.at.equals(world.now());
        if (isCopy) {
            return last;
        }
        Fate fate = new Fate(world.now(), link, message.message());
        fates.add(fate);
        lastOf.put(link, fate);
        return fate;
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
        List<Fate> told = fates.stream()
                .filter(fate -> fate.at.compareTo(from) >= 0 && fate.at.compareTo(to) <= 0)
                .toList();
        Set<Link> mixed = mixed(told, usual);
        List<Step> changes = new ArrayList<>();
        Map<Fault.ChangeLinks, LinkChange> last = new HashMap<>();
        for (Fate fate : told) {
            Selector selector = mixed.contains(fate.link) ? fate.selector() : Selector.ALL;
            LinkChange change = fate.change(usual);
            Fault.ChangeLinks which = rule(fate.link, selector, LinkChange.NOTHING);
            if (!change.equals(last.put(which, change))) {
                changes.add(new Step.Inject(fate.at, 0, rule(fate.link, selector, change)));
            }
        }
        // Rules that the scenario changes by itself are replaced by what came of them.
        scenario.steps().stream()
                .filter(step -> !(step instanceof Step.Inject inject
                        && inject.fault() instanceof Fault.ChangeLinks link
                        && link.change().cut().isEmpty()))
                .forEach(changes::add);
        changes.sort(Comparator.comparing(Step::at));
        return Edit.of(scenario).links(List.of(ofAll(usual))).steps(changes).scenario();
    }

    private static Fault.ChangeLinks ofAll(Duration delay) {
        return new Fault.ChangeLinks(Optional.empty(), Optional.empty(), LinkChange.delay(new Delay.Fixed(delay)));
    }

    private static Fault.ChangeLinks rule(Link link, Selector selector, LinkChange change) {
        return new Fault.ChangeLinks(Optional.of(link.from()), Optional.of(link.to()), selector, change);
    }

    /** Links on which messages that were sent in one instant fared differently: a rule for all does not tell them apart. */
    private static Set<Link> mixed(List<Fate> fates, Duration usual) {
        Set<Link> mixed = new HashSet<>();
        Map<Link, Fate> last = new HashMap<>();
        for (Fate fate : fates) {
            Fate before = last.put(fate.link, fate);
            if (before != null
                    && before.at.equals(fate.at)
                    && !before.change(usual).equals(fate.change(usual))) {
                mixed.add(fate.link);
            }
        }
        return mixed;
    }

    /** Which of the messages of a rule stands for all of them. */
    enum Example {
        /** The one that took longest; one that was lost took forever. */
        LONGEST,
        MEDIAN,
        SHORTEST,
        FIRST
    }

    /**
     * A scenario with constant rules of links from the start that fit what happened to its messages, in place of all draws and
     * of changes on the way.
     *
     * @param usual for links without a message
     * @param late instead of losses
     * @param about what a rule is about, of what a message is about
     */
    Scenario fatesAsRules(
            Scenario scenario, Duration usual, Duration late, UnaryOperator<Selector> about, Example example) {
        Map<Fault.ChangeLinks, List<Fate>> groups = new LinkedHashMap<>();
        fates.forEach(fate -> groups.computeIfAbsent(
                        rule(fate.link, about.apply(fate.selector()), LinkChange.NOTHING), it -> new ArrayList<>())
                .add(fate));
        List<Fault.ChangeLinks> links = new ArrayList<>(List.of(ofAll(usual)));
        groups.forEach((which, group) -> {
            List<Duration> delays = new ArrayList<>();
            group.forEach(fate -> delays.addAll(fate.isLost() ? List.of(late) : fate.delays));
            Duration first = delays.get(0);
            delays.sort(Comparator.naturalOrder());
            Duration delay = switch (example) {
                case LONGEST -> delays.get(delays.size() - 1);
                case MEDIAN -> delays.get(delays.size() / 2);
                case SHORTEST -> delays.get(0);
                case FIRST -> first;
            };
            boolean isDoubled = group.stream().anyMatch(fate -> fate.delays.size() > 1);
            LinkChange change = new LinkChange(
                    Optional.of(new Delay.Fixed(delay)),
                    Optional.empty(),
                    isDoubled ? Optional.of(1.0) : Optional.empty(),
                    Optional.empty());
            links.add(new Fault.ChangeLinks(which.from(), which.to(), which.messages(), change));
        });
        List<Step> steps = scenario.steps().stream()
                .filter(step -> !(step instanceof Step.Inject inject && inject.fault() instanceof Fault.ChangeLinks))
                .toList();
        return Edit.of(scenario).links(links).steps(steps).scenario();
    }
}
