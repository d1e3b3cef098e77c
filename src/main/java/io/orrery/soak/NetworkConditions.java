package io.orrery.soak;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Cuts and delays on the way from one replica to another. Thread-safe: changes take effect at once, even for data in
 * flight.
 */
final class NetworkConditions {
    /**
     * How a link is.
     *
     * @param delayNanos what passes takes so much longer
     */
    record Link(boolean cut, long delayNanos) {
        static final Link FAIR = new Link(false, 0);
    }

    private record Ends(NodeId from, NodeId to) {}

    private volatile Map<Ends, Link> links = Map.of();

    /** How a link is now. */
    Link of(NodeId from, NodeId to) {
        return links.getOrDefault(new Ends(from, to), Link.FAIR);
    }

    synchronized void cut(NodeId from, NodeId to) {
        set(from, to, new Link(true, 0));
    }

    synchronized void delay(NodeId from, NodeId to, Duration delay) {
        set(from, to, new Link(false, delay.toNanos()));
    }

    private void set(NodeId from, NodeId to, Link link) {
        Map<Ends, Link> changed = new HashMap<>(links);
        changed.put(new Ends(from, to), link);
        links = Map.copyOf(changed);
    }

    /** All links are as they were at first. */
    synchronized void clear() {
        links = Map.of();
    }
}
