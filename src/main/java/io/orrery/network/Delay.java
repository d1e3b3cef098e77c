package io.orrery.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.orrery.config.NameSuggestion;
import io.orrery.model.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The distribution of a message's delay. Samples are never negative. */
public sealed interface Delay {
    Delay NONE = new Fixed(Duration.ZERO);

    /** Draws one delay, in nanoseconds, 0 or more. */
    long sampleNanos(SeededRandom random);

    /** The shortest delay, in nanoseconds. */
    long leastNanos();

    /** The longest delay, in nanoseconds; where there is none, one above which hardly any are. */
    long mostNanos();

    @Override
    @JsonValue
    String toString();

    /**
     * Parses a delay as written in scenario files, deployments, HTTP and the command line: {@code 3s}, {@code 1ms..5ms}
     * (uniform), {@code exponential(20ms)} or {@code normal(20ms, 5ms)} (mean, standard deviation). The inverse of
     * {@code toString}.
     *
     * @throws IllegalArgumentException if it has none of these forms
     */
    @JsonCreator
    static Delay parse(String text) {
        if (text.length() > Syntax.MOST_LETTERS) {
            throw new IllegalArgumentException(
                    "a delay is " + Syntax.FORMS + ", and not a text of " + text.length() + " letters");
        }
        Matcher named = Syntax.NAMED.matcher(text.strip());
        if (named.matches()) {
            if (!Syntax.NAMES.contains(named.group(1))) {
                throw new IllegalArgumentException("there is no delay \"" + named.group(1) + "(…)\"; "
                        + NameSuggestion.nearest(named.group(1), Syntax.NAMES)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("there are: " + String.join(", ", Syntax.NAMES)));
            }
            String[] arguments = named.group(2).split(",", -1);
            if (named.group(1).equals("exponential") && arguments.length == 1) {
                return new Exponential(Durations.parse(arguments[0]));
            }
            if (named.group(1).equals("normal") && arguments.length == 2) {
                return new Normal(Durations.parse(arguments[0]), Durations.parse(arguments[1]));
            }
            if (named.group(1).equals("uniform") && arguments.length == 2) {
                return new Uniform(Durations.parse(arguments[0]), Durations.parse(arguments[1]));
            }
            throw new IllegalArgumentException("a delay is " + Syntax.FORMS + ", not \"" + text + "\"");
        }
        int dots = text.indexOf("..");
        if (dots >= 0) {
            return new Uniform(Durations.parse(text.substring(0, dots)), Durations.parse(text.substring(dots + 2)));
        }
        Duration fixed = Durations.parse(text);
        return fixed.isZero() ? NONE : new Fixed(fixed);
    }

    /** The syntax of delays. */
    final class Syntax {
        /** For error messages. */
        public static final String FORMS = "3s, 1ms..5ms, exponential(20ms) or normal(20ms, 5ms)";

        /** More characters than any delay needs, which bounds the cost of an error message. */
        private static final int MOST_LETTERS = 256;

        private static final List<String> NAMES = List.of("exponential", "normal", "uniform");

        private static final Pattern NAMED = Pattern.compile("([A-Za-z]+)\\((.*)\\)");

        private Syntax() {}
    }

    /** Constant. */
    record Fixed(Duration delay) implements Delay {
        public Fixed {
            requireNotNegative("a delay", delay);
        }

        @Override
        public String toString() {
            return Durations.format(delay);
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            return delay.toNanos();
        }

        @Override
        public long leastNanos() {
            return delay.toNanos();
        }

        @Override
        public long mostNanos() {
            return delay.toNanos();
        }
    }

    /** Uniform between two bounds. */
    record Uniform(Duration min, Duration max) implements Delay {
        public Uniform {
            requireNotNegative("the lower bound of a delay", min);
            requireNotNegative("the upper bound of a delay", max);
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException("the lower bound of a delay, " + Durations.format(min)
                        + ", is above its upper bound, " + Durations.format(max));
            }
        }

        @Override
        public String toString() {
            return Durations.format(min) + ".." + Durations.format(max);
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            long low = min.toNanos();
            // The widest range, 292 years, would overflow when one is added.
            return low + random.nextLong(Math.min(max.toNanos() - low, Long.MAX_VALUE - 1) + 1);
        }

        @Override
        public long leastNanos() {
            return min.toNanos();
        }

        @Override
        public long mostNanos() {
            return max.toNanos();
        }
    }

    /** Exponential with this mean. */
    record Exponential(Duration mean) implements Delay {
        public Exponential {
            requireNotNegative("the mean of a delay", mean);
        }

        @Override
        public String toString() {
            return "exponential(" + Durations.format(mean) + ")";
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            return (long) (mean.toNanos() * random.nextExponential());
        }

        @Override
        public long leastNanos() {
            return 0;
        }

        /** One in 150 takes longer. */
        @Override
        public long mostNanos() {
            return (long) (5.0 * mean.toNanos());
        }
    }

    /** Normal with this mean; negative samples become 0. */
    record Normal(Duration mean, Duration deviation) implements Delay {
        public Normal {
            requireNotNegative("the mean of a delay", mean);
            requireNotNegative("the standard deviation of a delay", deviation);
        }

        @Override
        public String toString() {
            return "normal(" + Durations.format(mean) + ", " + Durations.format(deviation) + ")";
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            return Math.max(0, (long) (mean.toNanos() + deviation.toNanos() * random.nextNormal()));
        }

        @Override
        public long leastNanos() {
            return Math.max(0, (long) (mean.toNanos() - 3.0 * deviation.toNanos()));
        }

        /** One in 700 takes longer. */
        @Override
        public long mostNanos() {
            return (long) (mean.toNanos() + 3.0 * deviation.toNanos());
        }
    }

    private static void requireNotNegative(String what, Duration duration) {
        Objects.requireNonNull(duration, what);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " is a time of 0 or more, not " + Durations.format(duration));
        }
    }
}
