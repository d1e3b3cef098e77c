package io.orrery.network;

import java.util.ArrayList;
import java.util.List;

/** The random streams of one world, one for each use. Not thread-safe. */
public final class RandomStreams {
    private final long seed;
    private final List<SeededRandom> streams = new ArrayList<>();

    public RandomStreams(long seed) {
        this.seed = seed;
    }

    /** {@link SeededRandom#stream}. */
    public SeededRandom stream(String use) {
        SeededRandom stream = SeededRandom.stream(seed, use);
        streams.add(stream);
        return stream;
    }

    /** Has all streams that there are go on with other numbers, which this seed decides together with those before. */
    public void redraw(long other) {
        streams.forEach(stream -> stream.redraw(other));
    }
}
