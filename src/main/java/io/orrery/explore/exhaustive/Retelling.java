package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Happening.Arrival;
import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.explore.exhaustive.Happening.Firing;
import io.orrery.explore.exhaustive.Happening.Striking;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells an execution as a scenario in time: its events come one after another, and changes of links make it so. */
final class Retelling {
    /** Between two events: short, so that no timer comes between. */
    private static final Duration STEP = Duration.ofNanos(100_000);

    private final Scenario scenario;

    Retelling(Scenario scenario) {
        this.scenario = scenario;
    }

    /** The scenario; empty where times and links cannot tell it. */
    Optional<Scenario> of(List<Happening> events) {
        Map<Happening, Duration> times = new HashMap<>();
        events.forEach(event -> times.put(event, STEP.multipliedBy(times.size() + 1L)));
        List<Step> steps = new ArrayList<>();
        Map<Fault.ChangeLinks, Fault.ChangeLinks> rules = new HashMap<>();
        for (Happening sending : events) {
            Map<Fault.ChangeLinks, Fault.ChangeLinks> now = new LinkedHashMap<>();
            for (Happening event : events) {
                if (event instanceof Arrival arrival && arrival.cause() == sending) {
                    Fault.ChangeLinks rule = rule(
                            arrival,
                            LinkChange.delay(new Delay.Fixed(times.get(event).minus(times.get(sending)))));
                    Fault.ChangeLinks before = now.put(rule(arrival, LinkChange.NOTHING), rule);
                    if (before != null && !before.equals(rule)) {
                        return Optional.empty(); // Messages that look alike, of one moment, take different times.
                    }
                }
            }
            now.forEach((which, rule) -> {
                if (!rule.equals(rules.put(which, rule))) {
                    steps.add(new Step.Inject(times.get(sending).minus(STEP.dividedBy(2)), 0, rule));
                }
            });
            if (sending instanceof Firing) {
                return Optional.empty(); // When a timer fires is not for a scenario to say.
            }
            if (sending instanceof Asking asking) {
                Step.Ask ask = asking.ask;
                steps.add(new Step.Ask(
                        times.get(sending), ask.line(), ask.client(), ask.via(), ask.operation(), ask.expectation()));
            } else if (sending instanceof Striking striking) {
                steps.add(new Step.Inject(times.get(sending), 0, striking.fault));
            }
        }
        steps.sort(Comparator.comparing(Step::at));
        // What the execution does not have comes after it.
        Fault.ChangeLinks others = new Fault.ChangeLinks(
                Optional.empty(),
                Optional.empty(),
                LinkChange.delay(new Delay.Fixed(STEP.multipliedBy(events.size() + 1L))));
        return Optional.of(scenario.with(scenario.protocol(), List.of(others), Optional.empty(), steps)
                .expecting(scenario.expected()));
    }

    private static Fault.ChangeLinks rule(Arrival arrival, LinkChange change) {
        return new Fault.ChangeLinks(
                Optional.of(arrival.from),
                Optional.of(arrival.at()),
                new Selector(arrival.message.key(), Optional.of(arrival.message.kind())),
                change);
    }
}
