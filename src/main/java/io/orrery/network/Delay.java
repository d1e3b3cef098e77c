package io.orrery.network;

import java.time.Duration;
import java.util.Objects;

/** How long a message is on its way: a distribution. No message arrives before it was sent. */
public sealed interface Delay {
    Delay NONE = new Fixed(Duration.ZERO);

    /** Draws one delay, in nanoseconds, 0 or more. */
    long sampleNanos(SeededRandom random);

    /** Always the same. */
    record Fixed(Duration delay) implements Delay {
        public Fixed {
            requireNotNegative("a delay", delay);
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            return delay.toNanos();
        }
    }

    /** Anything between two bounds, with equal chances. */
    record Uniform(Duration min, Duration max) implements Delay {
        public Uniform {
            requireNotNegative("the lower bound of a delay", min);
            requireNotNegative("the upper bound of a delay", max);
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException(
                        "the lower bound of a delay, " + min + ", is above its upper bound, " + max);
            }
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            long low = min.toNanos();
            return low + random.nextLong(max.toNanos() - low + 1);
        }
    }

    /** Short mostly, long at times: exponential with this mean. */
    record Exponential(Duration mean) implements Delay {
        public Exponential {
            requireNotNegative("the mean of a delay", mean);
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            return (long) (mean.toNanos() * random.nextExponential());
        }
    }

    /** Around a mean; what the bell would put below 0 is 0. */
    record Normal(Duration mean, Duration deviation) implements Delay {
        public Normal {
            requireNotNegative("the mean of a delay", mean);
            requireNotNegative("the standard deviation of a delay", deviation);
        }

        @Override
        public long sampleNanos(SeededRandom random) {
            return Math.max(0, (long) (mean.toNanos() + deviation.toNanos() * random.nextNormal()));
        }
    }

    private static void requireNotNegative(String what, Duration duration) {
        Objects.requireNonNull(duration, what);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " is a time of 0 or more, not " + duration);
        }
    }
}
