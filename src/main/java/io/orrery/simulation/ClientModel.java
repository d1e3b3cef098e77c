package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the clients of a world reach its replicas, and what they do when that fails.
 *
 * @param way how requests and answers travel: each is delayed, lost or doubled by itself. A doubled request reaches its
 *     replica twice; of two answers the first counts
 * @param toldOfCrashes whether a client that waits for a replica learns that it has stopped, by an answer that nobody
 *     gave, which travels like any other; else it waits until its time is up
 * @param timeout how long a client waits for the answer to one request; empty for a second longer than a replica takes
 *     to give up, so that its answer usually comes first
 * @param retries how often a client asks again when it does not know the outcome, or when it is refused by a replica that
 *     is down or has too much to do
 * @param retryAfter how long it waits before
 * @param requestIds whether each write has an id, so that it is asked again at the next replica and carried out once: only where
 *     the protocol {@linkplain io.orrery.protocol.ProtocolType#remembers remembers} ids
 * @param distances by client, how long a request takes to each replica, and its answer back; {@code way} says so of a client
 *     that is not in it
 */
public record ClientModel(
        LinkRule way,
        boolean toldOfCrashes,
        Optional<Duration> timeout,
        int retries,
        Delay retryAfter,
        boolean requestIds,
        Map<String, Map<NodeId, Delay>> distances) {
    /** At the replica's side: nothing takes time or is lost, and nobody tells them of crashes. */
    public static final ClientModel NEAR =
            new ClientModel(LinkRule.PERFECT, false, Optional.empty(), 0, Delay.NONE, false);

    /** @throws IllegalArgumentException when a number or a time is out of range */
    public ClientModel {
        Objects.requireNonNull(way, "way");
        Objects.requireNonNull(retryAfter, "retryAfter");
        distances = Collections.unmodifiableMap(new TreeMap<>(distances));
        if (retries < 0) {
            throw new IllegalArgumentException("a number of retries is 0 or more, not " + retries);
        }
        if (timeout.isPresent() && (timeout.get().isNegative() || timeout.get().isZero())) {
            throw new IllegalArgumentException("a timeout is a time above 0, not " + timeout.get());
        }
    }

    /** With clients that are equally far from each replica. */
    public ClientModel(
            LinkRule way,
            boolean toldOfCrashes,
            Optional<Duration> timeout,
            int retries,
            Delay retryAfter,
            boolean requestIds) {
        this(way, toldOfCrashes, timeout, retries, retryAfter, requestIds, Collections.emptyMap());
    }

    /** How the requests of a client travel to a replica, and its answers back. */
    LinkRule way(String client, NodeId replica) {
        Map<NodeId, Delay> own = distances.get(client);
        return own == null || !own.containsKey(replica) ? way : way.withDelay(own.get(replica));
    }

    public ClientModel withDistances(Map<String, Map<NodeId, Delay>> changed) {
        return new ClientModel(way, toldOfCrashes, timeout, retries, retryAfter, requestIds, changed);
    }

    public ClientModel withWay(LinkRule changed) {
        return new ClientModel(changed, toldOfCrashes, timeout, retries, retryAfter, requestIds, distances);
    }

    public ClientModel withToldOfCrashes(boolean changed) {
        return new ClientModel(way, changed, timeout, retries, retryAfter, requestIds, distances);
    }

    public ClientModel withTimeout(Duration changed) {
        return new ClientModel(way, toldOfCrashes, Optional.of(changed), retries, retryAfter, requestIds, distances);
    }

    public ClientModel withRetries(int changed, Delay after) {
        return new ClientModel(way, toldOfCrashes, timeout, changed, after, requestIds, distances);
    }

    public ClientModel withRequestIds(boolean changed) {
        return new ClientModel(way, toldOfCrashes, timeout, retries, retryAfter, changed, distances);
    }
}
