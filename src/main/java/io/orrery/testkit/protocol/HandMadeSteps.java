package io.orrery.testkit.protocol;

import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import io.orrery.scenario.Expectation;
import io.orrery.scenario.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws writes made by hand: in the name of one replica, of any version or clock near what is counted in a short world. No
 * client may write at that replica, as the write of its client and one made by hand could be called the same.
 */
final class HandMadeSteps {
    private static final int MOST_STEPS = 12;
    private static final int MOST_COUNTED = 12;
    private static final int KEYS = 3;

    private HandMadeSteps() {}

    /** @param length all are made within it */
    static List<Step> draw(SeededRandom random, List<NodeId> replicas, NodeId from, Duration length) {
        List<Step> steps = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_STEPS);
        for (int i = 1; i <= count; i++) {
            Operation operation = new Operation.HandMadeWrite(
                    Key.of("k" + random.nextInt(KEYS)),
                    Value.of("by hand " + i),
                    from,
                    random.nextInt(2) == 0 ? Map.of() : clock(random, replicas, from, i),
                    version(random));
            // Some are made twice.
            for (int times = random.nextInt(4) == 0 ? 2 : 1; times > 0; times--) {
                Duration at = Duration.ofNanos(random.nextLong(length.toNanos()));
                NodeId via = replicas.get(random.nextInt(replicas.size()));
                steps.add(new Step.Ask(at, 0, "hand" + i + "." + times, via, operation, Expectation.NOTHING));
            }
        }
        return steps;
    }

    /** None, one that is near, or one that nobody has counted to. */
    private static long version(SeededRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> CounterLimits.LEAP * 2;
            case 1, 2 -> 1 + random.nextInt(MOST_COUNTED);
            default -> 0;
        };
    }

    /** Each counts another write, or none. */
    private static Map<NodeId, Long> clock(SeededRandom random, List<NodeId> replicas, NodeId from, long number) {
        Map<NodeId, Long> clock = new TreeMap<>();
        for (NodeId replica : replicas) {
            if (random.nextInt(3) == 0) {
                clock.put(replica, (long) random.nextInt(MOST_COUNTED));
            }
        }
        if (random.nextInt(4) != 0) {
            clock.put(from, number);
        } else {
            clock.remove(from);
        }
        return clock;
    }
}
