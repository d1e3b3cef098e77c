package io.orrery.bench.experiment;

import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A fault of a scenario's steps, and how long it lasts.
 *
 * @param fault in words
 * @param calmFrom from when there was no fault before it, in nanoseconds
 * @param to when it ended, in nanoseconds; {@code Long.MAX_VALUE} if it lasts to the end
 * @param calmTo until when there was no other fault after it
 */
record FaultWindow(String fault, long calmFrom, long from, long to, long calmTo) {
    /** When an operation began, as seen from a fault. */
    enum Part {
        BEFORE,
        DURING,
        AFTER,
        ELSEWHERE
    }

    /** A fault as long as it lasts. */
    private record Span(String fault, long from, long to) {}

    Part partOf(long time) {
        if (time >= from && time < to) {
            return Part.DURING;
        }
        if (time >= calmFrom && time < from) {
            return Part.BEFORE;
        }
        return time >= to && time < calmTo ? Part.AFTER : Part.ELSEWHERE;
    }

    /** The faults of the steps, in their order; those that begin and end together as one. */
    static List<FaultWindow> of(Scenario scenario) {
        List<Span> spans = spans(scenario);
        List<FaultWindow> windows = new ArrayList<>();
        for (Span span : spans) {
            long calmFrom = spans.stream()
                    .filter(other -> other.from() < span.from())
                    .mapToLong(other -> Math.min(other.to(), span.from()))
                    .max()
                    .orElse(0);
            long calmTo = spans.stream()
                    .mapToLong(Span::from)
                    .filter(begin -> begin >= span.to())
                    .min()
                    .orElse(Long.MAX_VALUE);
            windows.add(new FaultWindow(span.fault(), calmFrom, span.from(), span.to(), calmTo));
        }
        return windows;
    }

    private static List<Span> spans(Scenario scenario) {
        List<Step.Inject> faults = scenario.steps().stream()
                .filter(Step.Inject.class::isInstance)
                .map(Step.Inject.class::cast)
                .toList();
        List<Span> spans = new ArrayList<>();
        for (Step.Inject begin : faults) {
            if (isEnd(begin.fault())) {
                continue;
            }
            long from = begin.at().toNanos();
            long to = faults.stream()
                    .filter(other -> other.at().compareTo(begin.at()) > 0 && ends(other.fault(), begin.fault()))
                    .mapToLong(other -> other.at().toNanos())
                    .min()
                    .orElse(isMomentary(begin.fault()) ? from : Long.MAX_VALUE);
            Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
            if (last != null && last.from() == from && last.to() == to) {
                spans.set(spans.size() - 1, new Span(last.fault() + ", " + begin.fault(), from, to));
            } else {
                spans.add(new Span(begin.fault().toString(), from, to));
            }
        }
        return spans;
    }

    /** Whether it repairs, and breaks nothing. */
    private static boolean isEnd(Fault fault) {
        return fault instanceof Fault.Restart
                || fault instanceof Fault.Resume
                || fault instanceof Fault.Heal
                || fault instanceof Fault.RepairDisk
                || fault instanceof Fault.Slow slow && slow.handling().equals(Delay.NONE)
                || fault instanceof Fault.ClockRate clock && clock.rate() == 1;
    }

    private static boolean isMomentary(Fault fault) {
        return fault instanceof Fault.Reset || fault instanceof Fault.ClockJump || fault instanceof Fault.DamageDisk;
    }

    private static boolean ends(Fault end, Fault begun) {
        if (begun instanceof Fault.OfReplica of) {
            return end instanceof Fault.OfReplica it
                    && it.replica().equals(of.replica())
                    && (end instanceof Fault.Restart && isStop(begun)
                            || end instanceof Fault.Resume && begun instanceof Fault.Pause
                            || end instanceof Fault.RepairDisk && begun instanceof Fault.SlowDisk
                            || end instanceof Fault.Slow && begun instanceof Fault.Slow
                            || end instanceof Fault.ClockRate && begun instanceof Fault.ClockRate);
        }
        return end instanceof Fault.Heal heal && isHealed(begun, heal)
                || end instanceof Fault.Partition && begun instanceof Fault.Partition
                || end instanceof Fault.ChangeLinks after
                        && begun instanceof Fault.ChangeLinks before
                        && after.from().equals(before.from())
                        && after.to().equals(before.to())
                        && after.messages().equals(before.messages());
    }

    /** Delays and losses stay. */
    private static boolean isHealed(Fault begun, Fault.Heal heal) {
        boolean isCut = begun instanceof Fault.Partition
                || begun instanceof Fault.Isolate
                || begun instanceof Fault.ChangeLinks change
                        && change.change().cut().orElse(false);
        return isCut
                && (heal.equals(Fault.Heal.ALL)
                        || begun instanceof Fault.ChangeLinks of
                                && heal.from().equals(of.from())
                                && heal.to().equals(of.to()));
    }

    private static boolean isStop(Fault fault) {
        return fault instanceof Fault.Crash
                || fault instanceof Fault.Wipe
                || fault instanceof Fault.CutPower
                || fault instanceof Fault.FailDisk
                || fault instanceof Fault.Restore
                || fault instanceof Fault.Twin;
    }
}
