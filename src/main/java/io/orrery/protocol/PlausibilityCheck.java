package io.orrery.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.CounterLimits;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Preconditions;
import io.orrery.model.Version;
import java.util.List;

/**
 * Checks input from outside for plausibility before a replica uses it: a count that is too high would stay for good,
 * here and at every replica that hears of it. {@link CounterLimits} checks the range; here a count may be at most {@link
 * CounterLimits#LEAP} above what the replica has counted. Each method throws an {@link IllegalArgumentException} that says
 * what is implausible.
 */
public final class PlausibilityCheck {
    /** Message numbers are not counters: they are only compared. */
    private static final long MOST_NUMBER = 1L << 62;

    private final ReplicaSettings settings;
    private final Protocol protocol;
    private final List<NodeId> peers;
    private final long mostAhead;

    public PlausibilityCheck(ReplicaSettings settings, Protocol protocol) {
        this.settings = settings;
        this.protocol = protocol;
        this.peers = settings.peers();
        // Each replica buffers this much per origin, and replicas exchange it.
        long replicas = settings.replicas().size();
        this.mostAhead = settings.tuning().buffer() * replicas * replicas;
    }

    /**
     * The sender of a message must be another replica of the deployment. Where replicas change, a peer may know the sender
     * earlier than this replica does.
     */
    public void peer(NodeId from) {
        Preconditions.require(
                peers.contains(from) || protocol.configuration().isPresent(), () -> from + " is none of " + peers);
    }

    /** The named sender must be the actual sender. */
    public void sender(Origin named, NodeId from) {
        Preconditions.require(named.node().equals(from), () -> "it claims to come from " + named);
    }

    /** The named receiver must be this replica, in any of its starts. */
    public void receiver(Origin named) {
        Preconditions.require(named.node().equals(settings.self()), () -> "it claims to be for " + named);
    }

    /** An origin can have made this many writes. */
    public void count(Origin origin, long count) {
        // Looks up what is known only for counts above the limit: after 35 years of a thousand writes per second.
        if (count > CounterLimits.LEAP) {
            requireNear(
                    "so many writes of " + origin,
                    count,
                    protocol.status().known().get(origin));
        }
    }

    /** Each origin can have made this many writes. */
    public void counts(VersionVector vector) {
        for (int i = 0; i < vector.size(); i++) {
            count(vector.originAt(i), vector.countAt(i));
        }
    }

    /** The version is plausible. */
    public void version(Version version) {
        if (version.counter() > CounterLimits.LEAP) {
            requireNear("the version " + version, version.counter(), protocol.counted());
        }
    }

    /** A time of a logical clock is plausible; 0 is that of a clock without events. */
    public void time(long time) {
        CounterLimits.require("a time of the clock", time, 0);
        if (time > CounterLimits.LEAP) {
            requireNear("the time of the clock", time, protocol.counted());
        }
    }

    /** The number of a start is plausible. */
    public void start(Origin origin, long number) {
        if (number > CounterLimits.LEAP) {
            requireNear("the start " + origin, number, protocol.startsOf(origin.node()));
        }
    }

    private static void requireNear(String what, long told, long known) {
        Preconditions.require(
                told - known <= CounterLimits.LEAP,
                () -> what + " is implausible, as " + known + " is the highest count here: " + told);
    }

    /** This many writes can be known ahead of gaps. */
    public void ahead(long writes) {
        Preconditions.require(
                writes <= mostAhead,
                () -> writes + " writes ahead of gaps are more than the " + mostAhead + " that all replicas keep");
    }

    /** The message number is in range. */
    public static void number(long number) {
        Preconditions.require(
                number >= 0 && number <= MOST_NUMBER, () -> "no replica has reached the number " + number);
    }
}
