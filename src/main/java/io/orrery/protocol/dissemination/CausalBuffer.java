package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Limits;
import io.orrery.protocol.kit.Invariant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The buffered writes of a replica, in the order of arrival, each with its first missing dependency. */
final class CausalBuffer {
    /** Further writes are dropped and fetched later; this much memory is reserved beside the store. */
    static final long MOST_BYTES = Limits.WAITING_BYTES;

    /** A buffered write, and its first missing dependency. */
    record BufferedWrite(Write write, Dependency dependency) {}

    private final int mostWrites;
    private final Map<Dot, BufferedWrite> held = new LinkedHashMap<>();
    private long bytes;

    CausalBuffer(int mostWrites) {
        this.mostWrites = mostWrites;
    }

    boolean isFull() {
        return held.size() >= mostWrites || bytes >= MOST_BYTES;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    boolean contains(Dot dot) {
        return held.containsKey(dot);
    }

    /** The write with this dot; null if it is not buffered. */
    Write get(Dot dot) {
        BufferedWrite found = held.get(dot);
        return found == null ? null : found.write();
    }

    /** The write that has been buffered for longest. */
    Dot oldest() {
        return held.keySet().iterator().next();
    }

    Collection<BufferedWrite> all() {
        return held.values();
    }

    /** Buffers a write; a write that is buffered already keeps its place and gets the new dependency. */
    void put(Write write, Dependency dependency) {
        if (held.put(write.dot(), new BufferedWrite(write, dependency)) == null) {
            bytes += write.bytes();
        }
    }

    void remove(Dot dot) {
        BufferedWrite found = held.remove(dot);
        if (found != null) {
            bytes -= found.write().bytes();
            Invariant.check(bytes >= 0, "what is held back is counted", bytes, held.size());
        }
    }

    void removeIf(Predicate<Dot> condition) {
        held.keySet().stream().filter(condition).toList().forEach(this::remove);
    }
}
