package io.orrery.protocol.dissemination;

import java.util.ArrayList;
import java.util.List;

/** The writes that one message of a catch-up carries: no more than fit, and one at least. */
final class Batch {
    /** Large enough that small writes fill a message by their number, and small enough that many can wait somewhere. */
    static final int MOST_BYTES = 256 << 10;

    private final int mostWrites;
    private final List<Write> writes = new ArrayList<>();
    private long bytes;

    Batch(int mostWrites) {
        this.mostWrites = mostWrites;
    }

    /** Adds a write where it fits. Returns whether it does. */
    boolean add(Write write) {
        boolean fits = writes.isEmpty() || writes.size() < mostWrites && bytes + write.bytes() <= MOST_BYTES;
        if (fits) {
            writes.add(write);
            bytes += write.bytes();
        }
        return fits;
    }

    List<Write> writes() {
        return writes;
    }
}
