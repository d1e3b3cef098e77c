package io.orrery.explore.shrink;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.SeededRandom;
import io.orrery.network.Selector;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Draws constant rules of links: each link, or each kind of message on it, is fast or late. A wrong that needs many messages in one
 * order shows much more often so than with a delay that is drawn for each message, and it shows with each seed.
 */
final class DrawnRules {
    private static final Duration FAST = Duration.ofMillis(1);
    /** Between two steps that follow each other. */
    private static final Duration SPACING = Duration.ofMillis(10);
    /** After the next steps, and longer than all else of a small scenario. */
    private static final List<Duration> LATE = List.of(Duration.ofMillis(25), Duration.ofSeconds(1));

    private static final List<Duration> USUAL = List.of(Duration.ofMillis(1), Duration.ZERO);
    /** Before the next step, after the next steps, and after all. */
    private static final List<Duration> ONE_LATE =
            List.of(Duration.ofMillis(8), Duration.ofMillis(25), Duration.ofSeconds(1));

    private static final List<Duration> PAUSES =
            List.of(SPACING, SPACING, SPACING, Duration.ofMillis(2), Duration.ZERO);

    /** The longer one leaves time for a sync of a slow disk. */
    private static final List<Duration> SPACINGS = List.of(SPACING, Duration.ofMillis(50));

    private static final LinkChange DOUBLED =
            new LinkChange(Optional.of(new Delay.Fixed(FAST)), Optional.empty(), Optional.of(1.0), Optional.empty());

    private DrawnRules() {}

    /**
     * The same steps, one after the other, under rules that are drawn.
     *
     * @param from the number of the first draw
     */
    static List<Scenario> of(Scenario scenario, List<Step> steps, int from, int number) {
        return IntStream.range(from, from + number)
                .mapToObj(i -> underRules(scenario, steps, SeededRandom.stream(i, "rules")))
                .toList();
    }

    /** The same steps under one rule: a link is late, or all links from or to a replica are. Times between them are drawn too. */
    static List<Scenario> ofOneRule(Scenario scenario, List<Step> steps, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> underOneRule(scenario, steps, SeededRandom.stream(i, "one rule")))
                .toList();
    }

    private static Scenario underOneRule(Scenario scenario, List<Step> steps, SeededRandom random) {
        List<Duration> pauses = steps.stream().map(step -> any(PAUSES, random)).toList();
        Scenario apart = Times.apart(Edit.of(scenario).steps(steps).scenario(), pauses);
        Fault.ChangeLinks usual =
                new Fault.ChangeLinks(Optional.empty(), Optional.empty(), constant(any(USUAL, random)));
        Optional<NodeId> one = Optional.of(any(scenario.replicas(), random));
        List<Optional<NodeId>> others = scenario.replicas().stream()
                .map(Optional::of)
                .filter(it -> !it.equals(one))
                .toList();
        Optional<NodeId> other = others.isEmpty() || random.nextInt(2) == 0 ? Optional.empty() : any(others, random);
        LinkChange late = constant(any(ONE_LATE, random));
        Fault.ChangeLinks rule = random.nextInt(2) == 0
                ? new Fault.ChangeLinks(one, other, late)
                : new Fault.ChangeLinks(other, one, late);
        return Edit.of(apart).links(List.of(usual, rule)).scenario();
    }

    private static <T> T any(List<T> list, SeededRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    /** The same with some of these operations, each by a client of its own at some replica. */
    static List<Scenario> ofSome(Scenario scenario, List<Step> operations, int from, int number) {
        return IntStream.range(from, from + number)
                .mapToObj(i -> {
                    SeededRandom random = SeededRandom.stream(i, "operations and rules");
                    return underRules(scenario, some(scenario, operations, random), random);
                })
                .toList();
    }

    /**
     * The same while replicas are on two sides: across, all messages are late, or those of one kind or key; and all of one
     * replica. So a majority is met by few messages, where each link by itself would have to be drawn well.
     *
     * @param mayDouble whether messages may come twice
     */
    static List<Scenario> ofSomeOnTwoSides(
            Scenario scenario, List<Step> operations, int from, int number, boolean mayDouble) {
        return IntStream.range(from, from + number)
                .mapToObj(i -> {
                    SeededRandom random = SeededRandom.stream(i, "two sides");
                    Scenario apart = Times.apart(
                            Edit.of(scenario)
                                    .steps(some(scenario, operations, random))
                                    .scenario(),
                            any(SPACINGS, random));
                    return Edit.of(apart)
                            .links(twoSides(apart, mayDouble && random.nextInt(2) == 0, random))
                            .scenario();
                })
                .toList();
    }

    private static List<Fault.ChangeLinks> twoSides(Scenario scenario, boolean doubles, SeededRandom random) {
        Set<NodeId> side = new TreeSet<>(scenario.replicas());
        side.removeIf(it -> random.nextInt(2) == 0);
        NodeId alone = any(scenario.replicas(), random);
        Selector some = random.nextInt(4) == 0 ? Selector.ALL : any(selectors(scenario), random);
        LinkChange late = constant(any(LATE, random));
        List<Fault.ChangeLinks> links = new ArrayList<>();
        links.add(new Fault.ChangeLinks(Optional.empty(), Optional.empty(), doubles ? DOUBLED : constant(FAST)));
        for (NodeId from : scenario.replicas()) {
            for (NodeId to : scenario.replicas()) {
                if (side.contains(from) != side.contains(to)) {
                    boolean isAlone = from.equals(alone) || to.equals(alone);
                    links.add(new Fault.ChangeLinks(
                            Optional.of(from), Optional.of(to), isAlone ? Selector.ALL : some, late));
                }
            }
        }
        return links;
    }

    private static List<Step> some(Scenario scenario, List<Step> operations, SeededRandom random) {
        List<Step> some = new ArrayList<>();
        for (Step step : operations) {
            Step.Ask ask = (Step.Ask) step;
            NodeId via = any(scenario.replicas(), random);
            if (random.nextInt(4) > 0) {
                some.add(new Step.Ask(
                        ask.at(), ask.line(), "client" + some.size(), via, ask.operation(), ask.expectation()));
            }
        }
        return some.isEmpty() ? operations : some;
    }

    private static Scenario underRules(Scenario scenario, List<Step> steps, SeededRandom random) {
        Scenario apart = Times.apart(Edit.of(scenario).steps(steps).scenario(), SPACING);
        return Edit.of(apart).links(rules(apart, random)).scenario();
    }

    /** Some links are late, and on some others one kind of message, or those of one key. */
    private static List<Fault.ChangeLinks> rules(Scenario scenario, SeededRandom random) {
        List<Selector> selectors = selectors(scenario);
        Selector some = any(selectors, random);
        LinkChange late = constant(any(LATE, random));
        List<Fault.ChangeLinks> links = new ArrayList<>();
        links.add(new Fault.ChangeLinks(Optional.empty(), Optional.empty(), constant(FAST)));
        for (NodeId from : scenario.replicas()) {
            for (NodeId to : scenario.replicas()) {
                int draw = from.equals(to) ? 0 : random.nextInt(8);
                if (draw > 3) {
                    Selector messages = draw > 5 ? Selector.ALL : some;
                    links.add(new Fault.ChangeLinks(Optional.of(from), Optional.of(to), messages, late));
                }
            }
        }
        return links;
    }

    /** Kinds of messages, and keys. */
    private static List<Selector> selectors(Scenario scenario) {
        Stream<Selector> kinds =
                scenario.protocol().vocabulary().kinds().stream().map(Selector::kind);
        Stream<Selector> keys = scenario.steps().stream()
                .filter(Step.Ask.class::isInstance)
                .map(step -> Selector.key(((Step.Ask) step).operation().key()));
        return Stream.concat(kinds, keys).distinct().toList();
    }

    private static LinkChange constant(Duration delay) {
        return LinkChange.delay(new Delay.Fixed(delay));
    }
}
