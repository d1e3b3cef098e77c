package io.orrery.explore.shrink;

import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Shorter and rounder times. */
final class Times {
    /** What people write, from short to long: 1, 2 and 5 of each power of ten. */
    private static final List<Duration> ROUND = round();

    private Times() {}

    private static List<Duration> round() {
        List<Duration> round = new ArrayList<>(List.of(Duration.ZERO));
        for (long unit = 1_000_000; unit <= 1_000_000_000_000L; unit *= 10) {
            for (int of : new int[] {1, 2, 5}) {
                round.add(Duration.ofNanos(of * unit));
            }
        }
        return round;
    }

    /** Times to try instead of one, the best first: shorter ones, and where it is not round, the next longer ones. */
    private static List<Duration> better(Duration time) {
        List<Duration> better = new ArrayList<>();
        int longer = ROUND.contains(time) ? 0 : 2;
        for (Duration round : ROUND) {
            if (round.compareTo(time) < 0) {
                better.add(round);
            } else if (longer > 0) {
                better.add(round);
                longer--;
            }
        }
        return better;
    }

    /** How many times there are at which something happens. */
    static int count(Scenario scenario) {
        return times(scenario).size();
    }

    private static List<Duration> times(Scenario scenario) {
        TreeSet<Duration> times = new TreeSet<>();
        for (Step step : scenario.steps()) {
            times.add(step.at());
            restored(step).ifPresent(times::add);
        }
        return List.copyOf(times);
    }

    private static Optional<Duration> restored(Step step) {
        return step instanceof Step.Inject inject && inject.fault() instanceof Fault.Restore restore
                ? Optional.of(restore.to())
                : Optional.empty();
    }

    /** Scenarios with another pause before the time of this index; all that comes later moves with it. */
    static List<Scenario> withOtherPause(Scenario scenario, int index) {
        List<Duration> times = times(scenario);
        Duration at = times.get(index);
        Duration before = index == 0 ? Duration.ZERO : times.get(index - 1);
        Duration pause = at.minus(before);
        return better(pause).stream()
                .map(other -> moved(
                        scenario,
                        time -> time.compareTo(at) < 0
                                ? time
                                : time.minus(pause).plus(other)))
                .toList();
    }

    /** Scenarios in which all times are rounded. */
    static List<Scenario> rounded(Scenario scenario) {
        List<Scenario> rounded = new ArrayList<>();
        for (long unit = 1_000_000_000; unit >= 1_000_000; unit /= 10) {
            long size = unit;
            Scenario candidate =
                    moved(scenario, time -> Duration.ofNanos(Math.round((double) time.toNanos() / size) * size));
            if (!candidate.equals(scenario)) {
                rounded.add(candidate);
            }
        }
        return rounded;
    }

    /** The same with one pause between all times. */
    static Scenario spaced(Scenario scenario, Duration pause) {
        List<Duration> times = times(scenario);
        return moved(scenario, time -> pause.multipliedBy(times.indexOf(time) + 1L));
    }

    /** The same with one step after the other, in their order, and one pause between all. */
    static Scenario apart(Scenario scenario, Duration pause) {
        return apart(scenario, Collections.nCopies(scenario.steps().size(), pause));
    }

    /** The same with one step after the other, in their order, each after its pause. */
    static Scenario apart(Scenario scenario, List<Duration> pauses) {
        List<Duration> times = scenario.steps().stream().map(Step::at).toList();
        List<Duration> apart = new ArrayList<>();
        Duration last = Duration.ZERO;
        for (Duration pause : pauses) {
            last = last.plus(pause);
            apart.add(last);
        }
        return moved(scenario, apart, time -> {
            int before =
                    (int) times.stream().filter(it -> it.compareTo(time) <= 0).count();
            return before == 0 ? Duration.ZERO : apart.get(before - 1);
        });
    }

    private static Scenario moved(Scenario scenario, UnaryOperator<Duration> move) {
        return moved(
                scenario,
                scenario.steps().stream().map(step -> move.apply(step.at())).toList(),
                move);
    }

    /**
     * @param times of the steps
     * @param move where times go that are no step's
     */
    private static Scenario moved(Scenario scenario, List<Duration> times, UnaryOperator<Duration> move) {
        List<Step> steps = new ArrayList<>();
        for (Step step : scenario.steps()) {
            Duration at = times.get(steps.size());
            if (step instanceof Step.Ask ask) {
                steps.add(new Step.Ask(at, ask.line(), ask.client(), ask.via(), ask.operation(), ask.expectation()));
            } else if (step instanceof Step.Inject inject) {
                Fault fault = inject.fault() instanceof Fault.Restore restore
                        ? new Fault.Restore(restore.replica(), move.apply(restore.to()))
                        : inject.fault();
                steps.add(new Step.Inject(at, inject.line(), fault, inject.midStep()));
            }
        }
        return Edit.of(scenario).steps(steps).scenario();
    }

    /** Scenarios with a better delay at one of the places where a link is given one. */
    static List<List<Scenario>> withOtherDelays(Scenario scenario) {
        List<List<Scenario>> all = new ArrayList<>();
        for (int i = 0; i < scenario.links().size(); i++) {
            int index = i;
            all.add(better(scenario.links().get(i)).stream()
                    .map(it -> Edit.of(scenario)
                            .links(replaced(scenario.links(), index, it))
                            .scenario())
                    .toList());
        }
        for (int i = 0; i < scenario.steps().size(); i++) {
            int index = i;
            if (scenario.steps().get(i) instanceof Step.Inject inject
                    && inject.fault() instanceof Fault.ChangeLinks link) {
                all.add(better(link).stream()
                        .map(it -> Edit.of(scenario)
                                .steps(replaced(
                                        scenario.steps(),
                                        index,
                                        new Step.Inject(inject.at(), inject.line(), it, inject.midStep())))
                                .scenario())
                        .toList());
            }
        }
        return all;
    }

    private static List<Fault.ChangeLinks> better(Fault.ChangeLinks link) {
        if (!(link.change().delay().orElse(null) instanceof Delay.Fixed fixed)) {
            return List.of();
        }
        return better(fixed.delay()).stream()
                .map(delay -> new Fault.ChangeLinks(
                        link.from(),
                        link.to(),
                        link.messages(),
                        link.change().then(LinkChange.delay(new Delay.Fixed(delay)))))
                .toList();
    }

    static <T> List<T> replaced(List<T> list, int index, T item) {
        List<T> copy = new ArrayList<>(list);
        copy.set(index, item);
        return copy;
    }
}
