package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How fast the replicas of a world and their clocks are.
 *
 * @param handling how long a replica is busy with each message, request or timer; none for those that are not named
 * @param late how much later than it should a replica's timer runs out
 * @param clocks how fast a replica's clock runs: 1 is right, 2 twice as fast, so that its timers run out early; right for
 *     those that are not named
 */
public record PaceModel(Map<NodeId, Delay> handling, Delay late, Map<NodeId, Double> clocks) {
    /** Replicas take no time, and all clocks are right. */
    public static final PaceModel IDEAL = new PaceModel(Collections.emptyMap(), Delay.NONE, Collections.emptyMap());

    /** Beyond these a clock is no clock. */
    private static final double SLOWEST_CLOCK = 0.1;

    private static final double FASTEST_CLOCK = 10;

    public PaceModel {
        handling = Collections.unmodifiableMap(new TreeMap<>(handling));
        clocks = Collections.unmodifiableMap(new TreeMap<>(clocks));
        clocks.values().forEach(PaceModel::checkClock);
    }

    /**
     * Returns the rate.
     *
     * @throws IllegalArgumentException if no clock runs at this rate
     */
    public static double checkClock(double rate) {
        if (rate >= SLOWEST_CLOCK && rate <= FASTEST_CLOCK) {
            return rate;
        }
        throw new IllegalArgumentException(
                "a clock runs at " + SLOWEST_CLOCK + " to " + FASTEST_CLOCK + " times the right speed, not at " + rate);
    }
}
