package io.orrery.soak;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The cuts and delays of the links between replicas. Thread-safe; changes take effect at once, even for data in flight.
 */
final class NetworkConditions {
    /**
     * The condition of a link.
     *
     * @param delayNanos the additional delay
     */
    record Condition(boolean cut, long delayNanos) {
        static final Condition FAIR = new Condition(false, 0);
    }

    private record Ends(NodeId from, NodeId to) {}

    private volatile Map<Ends, Condition> links = Map.of();

    /** The current condition of a link. */
    Condition of(NodeId from, NodeId to) {
        return links.getOrDefault(new Ends(from, to), Condition.FAIR);
    }

    synchronized void cut(NodeId from, NodeId to) {
        set(from, to, new Condition(true, 0));
    }

    synchronized void delay(NodeId from, NodeId to, Duration delay) {
        set(from, to, new Condition(false, delay.toNanos()));
    }

    private void set(NodeId from, NodeId to, Condition link) {
        Map<Ends, Condition> changed = new HashMap<>(links);
        changed.put(new Ends(from, to), link);
        links = Map.copyOf(changed);
    }

    /** Removes all cuts and delays. */
    synchronized void clear() {
        links = Map.of();
    }
}
