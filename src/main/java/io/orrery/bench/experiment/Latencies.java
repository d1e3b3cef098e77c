package io.orrery.bench.experiment;

import io.orrery.bench.experiment.Testbed.Sample;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** Latencies in milliseconds, to four significant digits. */
public final class Latencies {
    private static final int DIGITS = 4;

    private final Histogram nanos = new Histogram(DIGITS);

    static Latencies of(Iterable<Sample> samples, Predicate<Sample> which) {
        Latencies latencies = new Latencies();
        for (Sample sample : samples) {
            if (which.test(sample)) {
                latencies.add(sample.nanos());
            }
        }
        return latencies;
    }

    void add(long sample) {
        nanos.recordValue(sample);
    }

    public long count() {
        return nanos.getTotalCount();
    }

    public double mean() {
        return count() == 0 ? 0 : nanos.getMean() / 1e6;
    }

    /** @param percent from 0 to 100; 50 is the median */
    public double percentile(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }

    public double max() {
        return nanos.getMaxValue() / 1e6;
    }
}
