package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The writes of one message of a catch-up: at least one, within the limits of a message. */
final class Batch {
    /**
     * Large enough that the number of writes limits messages of small writes, and small enough that many messages can
     * be in flight.
     */
    static final int MOST_BYTES = 256 << 10;

    private final int mostWrites;
    private final List<StoredWrite> writes = new ArrayList<>();
    private long bytes;

    Batch(int mostWrites) {
        this.mostWrites = mostWrites;
    }

    /** Adds a write if it fits. Returns whether it does. */
    boolean add(StoredWrite write) {
        boolean fits = writes.isEmpty() || writes.size() < mostWrites && bytes + write.wireBytes() <= MOST_BYTES;
        if (fits) {
            writes.add(write);
            bytes += write.wireBytes();
        }
        return fits;
    }

    /** The writes, with their values. */
    List<Write> writes(Function<Dot, Value> values) {
        return writes.stream().map(write -> write.whole(values)).toList();
    }
}
