package io.orrery.scenario;

import io.orrery.model.Durations;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a step expects.
 *
 * @param values what a read may see, one of these; {@code null} stands for an absent key as for the JSON value
 * @param ending how the operation ends
 * @param within the operation takes no longer than this
 * @param atLeast the operation takes no less than this
 */
public record Expectation(
        Optional<List<Value>> values, Optional<Ending> ending, Optional<Duration> within, Optional<Duration> atLeast) {
    public static final Expectation NOTHING =
            new Expectation(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** How an operation can end. */
    public enum Ending {
        OK,
        REFUSED,
        UNKNOWN;

        static Ending of(Outcome outcome) {
            return outcome instanceof Outcome.Done ? OK : outcome instanceof Outcome.Refused ? REFUSED : UNKNOWN;
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public boolean isNothing() {
        return equals(NOTHING);
    }

    /** What was not met, in words; empty when all was. */
    List<String> unmet(Outcome outcome, Duration took) {
        List<String> unmet = new ArrayList<>();
        Ending seen = Ending.of(outcome);
        if (ending.isPresent() && ending.get() != seen) {
            unmet.add("expected the outcome " + ending.get() + ", and it was " + describe(outcome));
        }
        values.ifPresent(allowed -> {
            if (seen != Ending.OK) {
                unmet.add("expected " + listed(allowed) + ", and the read was " + describe(outcome));
            } else {
                Value found = ((Outcome.Done) outcome).value().orElse(Value.NULL);
                if (allowed.stream().noneMatch(found::isSameJsonAs)) {
                    unmet.add("expected " + listed(allowed) + ", saw " + found);
                }
            }
        });
        within.filter(limit -> took.compareTo(limit) > 0)
                .ifPresent(limit ->
                        unmet.add("expected within " + Durations.format(limit) + ", took " + Durations.format(took)));
        atLeast.filter(limit -> took.compareTo(limit) < 0)
                .ifPresent(limit -> unmet.add(
                        "expected to take at least " + Durations.format(limit) + ", took " + Durations.format(took)));
        return unmet;
    }

    private static String listed(List<Value> values) {
        return values.stream().map(Value::json).collect(Collectors.joining(" or "));
    }

    private static String describe(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return "refused (" + refused.detail() + ")";
        }
        return outcome instanceof Outcome.Unknown unknown ? "unknown (" + unknown.detail() + ")" : "ok";
    }
}
