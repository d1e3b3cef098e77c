package io.orrery.protocol;

import io.orrery.clock.VersionVector;
import io.orrery.model.Counters;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Version;
import java.util.List;

/**
 * Holds what comes from outside against what a replica knows, before any of it is believed: a count that is too high would
 * stay for good, here and at all who hear of it. That a count is one at all, {@link Counters} sees to; here it may be no more
 * than {@link Counters#LEAP} above what the replica has counted. Each method throws an {@link IllegalArgumentException} that
 * says what is not believed.
 */
public final class Credible {
    /** The numbers by which a replica calls what it says are none to count with: they are only compared. */
    private static final long MOST_NUMBER = 1L << 62;

    private final ReplicaSettings settings;
    private final Protocol protocol;
    private final List<NodeId> peers;
    private final long mostAhead;

    public Credible(ReplicaSettings settings, Protocol protocol) {
        this.settings = settings;
        this.protocol = protocol;
        this.peers = settings.peers();
        // Each replica takes in as much of each origin, and they give it to each other.
        long replicas = settings.replicas().size();
        this.mostAhead = settings.tuning().buffer() * replicas * replicas;
    }

    /** Who sends a message is another replica of the deployment. */
    public void peer(NodeId from) {
        if (!peers.contains(from)) {
            throw new IllegalArgumentException(from + " is none of " + peers);
        }
    }

    /** Who is said to speak is who sends. */
    public void sender(Origin named, NodeId from) {
        if (!named.node().equals(from)) {
            throw new IllegalArgumentException("it is said to come from " + named);
        }
    }

    /** Who is spoken to is this replica, in whichever incarnation. */
    public void receiver(Origin named) {
        if (!named.node().equals(settings.self())) {
            throw new IllegalArgumentException("it is said to be for " + named);
        }
    }

    /** So many writes of an origin there can be. */
    public void count(Origin origin, long count) {
        // What is known is asked for only where it matters: after 35 years of a thousand writes a second.
        if (count > Counters.LEAP) {
            requireNear(
                    "so many writes of " + origin,
                    count,
                    protocol.status().known().get(origin));
        }
    }

    /** So many writes of each origin there can be. */
    public void counts(VersionVector vector) {
        for (int i = 0; i < vector.size(); i++) {
            count(vector.originAt(i), vector.countAt(i));
        }
    }

    /** There can be such a version. */
    public void version(Version version) {
        if (version.counter() > Counters.LEAP) {
            requireNear("the version " + version, version.counter(), protocol.counted());
        }
    }

    /** A replica can have started with such a number. */
    public void start(Origin origin, long number) {
        if (number > Counters.LEAP) {
            requireNear("the start " + origin, number, protocol.startsOf(origin.node()));
        }
    }

    private static void requireNear(String what, long told, long known) {
        if (told - known > Counters.LEAP) {
            throw new IllegalArgumentException(
                    what + " cannot be, as " + known + " is the highest count here: " + told);
        }
    }

    /** So many writes can be known ahead of gaps. */
    public void ahead(long writes) {
        if (writes > mostAhead) {
            throw new IllegalArgumentException(
                    writes + " writes ahead of gaps are more than the " + mostAhead + " that all replicas keep");
        }
    }

    /** A replica can call something by this number. */
    public static void number(long number) {
        if (number < 0 || number > MOST_NUMBER) {
            throw new IllegalArgumentException("no replica has come to the number " + number);
        }
    }
}
