package io.orrery.scenario;

import io.orrery.model.Durations;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a step expects.
 *
 * @param values the values that a read may see; {@code null} stands for an absent key and for the JSON value
 * @param ending how the operation ends
 * @param status how far a put, delete or sync has got when it returns
 * @param version the counter of the version that is written or read
 * @param within the operation takes no longer than this
 * @param atLeast the operation takes no less than this
 */
public record Expectation(
        Optional<List<Value>> values,
        Optional<Ending> ending,
        Optional<Outcome.Status> status,
        Optional<Long> version,
        Optional<Duration> within,
        Optional<Duration> atLeast) {
    public static final Expectation NOTHING = new Expectation(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** How an operation can end. */
    public enum Ending {
        OK,
        /** A cas found another version than the expected one. */
        MISMATCH,
        REFUSED,
        UNKNOWN;

        static Ending of(Outcome outcome) {
            if (outcome instanceof Outcome.Done) {
                return OK;
            }
            return outcome instanceof Outcome.Mismatch
                    ? MISMATCH
                    : outcome instanceof Outcome.Refused ? REFUSED : UNKNOWN;
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public boolean isNothing() {
        return equals(NOTHING);
    }

    /**
     * The unmet parts, in words; empty if all are met.
     *
     * @param tolerance by how much durations may be off
     */
    public List<String> unmet(Outcome outcome, Duration took, Duration tolerance) {
        List<String> unmet = new ArrayList<>();
        Ending seen = Ending.of(outcome);
        if (ending.isPresent() && ending.get() != seen) {
            unmet.add("expected the outcome " + ending.get() + ", and it was " + describe(outcome));
        }
        if (outcome instanceof Outcome.Done done) {
            unmet.addAll(unmet(done));
        } else if (values.isPresent() || status.isPresent() || version.isPresent()) {
            unmet.add("expected " + expectedOfAnswer() + ", and it was " + describe(outcome));
        }
        String give = tolerance.isZero() ? "" : " (give or take " + Durations.format(tolerance) + ")";
        within.filter(limit -> took.compareTo(limit.plus(tolerance)) > 0)
                .ifPresent(limit -> unmet.add(
                        "expected within " + Durations.format(limit) + give + ", took " + Durations.format(took)));
        atLeast.filter(limit -> took.plus(tolerance).compareTo(limit) < 0)
                .ifPresent(limit -> unmet.add("expected to take at least " + Durations.format(limit) + give + ", took "
                        + Durations.format(took)));
        return unmet;
    }

    private List<String> unmet(Outcome.Done done) {
        List<String> unmet = new ArrayList<>();
        Value found = done.value().orElse(Value.NULL);
        values.filter(allowed -> allowed.stream().noneMatch(found::isSameJsonAs))
                .ifPresent(allowed -> unmet.add("expected " + listed(allowed) + ", saw " + found));
        status.filter(expected -> expected != done.status())
                .ifPresent(expected -> unmet.add("expected the status " + expected + ", and it was " + done.status()));
        Optional<Long> seen = done.version().map(Version::counter);
        version.filter(expected -> !seen.equals(Optional.of(expected)))
                .ifPresent(expected -> unmet.add("expected version " + expected + ", saw "
                        + done.version().map(Version::toString).orElse("none")));
        return unmet;
    }

    private String expectedOfAnswer() {
        return Stream.of(
                        values.map(Expectation::listed),
                        status.map(expected -> "the status " + expected),
                        version.map(expected -> "version " + expected))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    private static String listed(List<Value> values) {
        return values.stream().map(Value::json).collect(Collectors.joining(" or "));
    }

    private static String describe(Outcome outcome) {
        if (outcome instanceof Outcome.Mismatch mismatch) {
            return "a mismatch (it found "
                    + mismatch.version().map(it -> "version " + it).orElse("nothing") + ")";
        }
        if (outcome instanceof Outcome.Refused refused) {
            return "refused (" + refused.detail() + ")";
        }
        return outcome instanceof Outcome.Unknown unknown ? "unknown (" + unknown.detail() + ")" : "ok";
    }
}
