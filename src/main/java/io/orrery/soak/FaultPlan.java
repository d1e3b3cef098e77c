package io.orrery.soak;

import io.orrery.model.NodeId;
import io.orrery.network.SeededRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The endless plan of a soak's rounds. The same seed and settings give the same plan on every machine. Each kind of
 * fault occurs once, in random order, before any is repeated.
 */
public final class FaultPlan {
    /** The sizes of clock moves: small, an hour, a month, and 20 years, which leads to before Pekko existed. */
    private static final List<Duration> MOVES =
            List.of(Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofDays(30), Duration.ofDays(7_300));

    private static final Duration SHORTEST_DELAY = Duration.ofMillis(20);
    private static final long MORE_DELAY_MILLIS = 980;

    /**
     * The setting of a plan.
     *
     * @param replicas two or more
     * @param leader the first leader; ignored by protocols without one
     * @param onDisk the replica whose disk can be filled; empty if there is none
     * @param longest the maximum length of a fault
     */
    public record Setting(List<NodeId> replicas, NodeId leader, Optional<NodeId> onDisk, Duration longest) {
        public Setting {
            replicas = List.copyOf(replicas);
        }
    }

    private final Setting setting;
    private final List<FaultKind> kinds;
    private final SeededRandom random;
    private final Deque<FaultKind> turns = new ArrayDeque<>();
    private NodeId leader;
    private int round;

    /** @param kinds at least one; {@code disk-full} only if a disk can be filled */
    public FaultPlan(long seed, Collection<FaultKind> kinds, Setting setting) {
        this.setting = setting;
        this.kinds = List.copyOf(kinds);
        this.random = SeededRandom.stream(seed, "soak");
        this.leader = setting.leader();
    }

    /** The number of rounds in which each kind occurs once. */
    public int turn() {
        return kinds.size();
    }

    /** The next round. */
    public PlannedFault next() {
        if (turns.isEmpty()) {
            turns.addAll(shuffled());
        }
        FaultKind kind = turns.remove();
        // Draws every value, needed or not, so that the number of draws per round does not depend on the kind.
        long longest = setting.longest().toMillis();
        Duration calm = Duration.ofMillis(longest / 4).plus(upTo(longest / 4));
        NodeId anyone = oneOf(setting.replicas());
        NodeId other = oneOf(without(anyone));
        NodeId newLeader = oneOf(without(leader));
        boolean oneLink = random.nextInt(2) == 0;
        boolean harder = random.nextInt(3) == 0;
        Duration lasts = Duration.ofMillis(longest / 5).plus(upTo(longest - longest / 5));
        Duration delay = SHORTEST_DELAY.plus(upTo(MORE_DELAY_MILLIS));
        Duration move = oneOf(MOVES).multipliedBy(random.nextInt(3) == 0 ? 1 : -1);
        if (kind == FaultKind.LEADER) {
            leader = newLeader;
        }
        return new PlannedFault(
                ++round,
                calm,
                kind,
                switch (kind) {
                    case LEADER -> newLeader;
                    case DISK_FULL -> setting.onDisk().orElseThrow();
                    default -> anyone;
                },
                oneLink && (kind == FaultKind.CUT || kind == FaultKind.DELAY) ? Optional.of(other) : Optional.empty(),
                lasts,
                kind == FaultKind.DELAY ? delay : kind == FaultKind.CLOCK ? move : Duration.ZERO,
                harder);
    }

    private List<FaultKind> shuffled() {
        List<FaultKind> left = new ArrayList<>(kinds);
        List<FaultKind> order = new ArrayList<>();
        while (!left.isEmpty()) {
            order.add(left.remove(random.nextInt(left.size())));
        }
        return order;
    }

    /** In whole milliseconds, for readability. */
    private Duration upTo(long millis) {
        return Duration.ofMillis(random.nextLong(millis + 1));
    }

    private List<NodeId> without(NodeId one) {
        return setting.replicas().stream().filter(id -> !id.equals(one)).toList();
    }

    private <T> T oneOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
