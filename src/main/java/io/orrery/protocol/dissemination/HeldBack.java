package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.Limits;
import io.orrery.protocol.kit.Invariant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The writes that a replica holds back, in the order in which they came, and what each waits for first. */
final class HeldBack {
    /** What comes beyond is fetched again later; a replica has room for that much beside its store. */
    static final long MOST_BYTES = Limits.WAITING_BYTES;

    /** A write that is held back, and what it waits for first. */
    record Held(Write write, Dependency dependency) {}

    private final int mostWrites;
    private final Map<Dot, Held> held = new LinkedHashMap<>();
    private long bytes;

    HeldBack(int mostWrites) {
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

    /** The write with this dot; null when it is not held back. */
    Write get(Dot dot) {
        Held found = held.get(dot);
        return found == null ? null : found.write();
    }

    /** The one that has been held back for longest. */
    Dot oldest() {
        return held.keySet().iterator().next();
    }

    Collection<Held> all() {
        return held.values();
    }

    /** Holds a write back; one that is held back already keeps its place and waits for something else now. */
    void put(Write write, Dependency dependency) {
        if (held.put(write.dot(), new Held(write, dependency)) == null) {
            bytes += write.bytes();
        }
    }

    void remove(Dot dot) {
        Held found = held.remove(dot);
        if (found != null) {
            bytes -= found.write().bytes();
            Invariant.check(bytes >= 0, "what is held back is counted", bytes, held.size());
        }
    }

    void removeIf(Predicate<Dot> condition) {
        held.keySet().stream().filter(condition).toList().forEach(this::remove);
    }
}
