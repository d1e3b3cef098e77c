package io.orrery.live;

import io.orrery.live.Readiness.Missing;
import io.orrery.live.Readiness.State;
import io.orrery.model.NodeId;
import io.orrery.model.WallClock;
import io.orrery.protocol.ServiceStatus;
import io.orrery.replica.ReplicaActor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Computes the readiness of a replica from the status of its protocol and the reachability of peers. Checks
 * periodically, so that it knows since when something is missing. Thread-safe.
 */
final class ReadinessWatch {
    private static final Duration LOOK = Duration.ofMillis(250);

    private final ReplicaClient replica;
    private final int peers;
    private final PeerRoutes peerRoutes;
    private final Predicate<NodeId> isReached;

    /** What was missing when it was looked at last, by {@link Missing#what}, and since when. */
    private Map<String, Instant> since = new HashMap<>();
    /** The life in which the replica has caught up with all that it could reach; null for none. */
    private Object caughtUpIn;

    /**
     * @param peers how many other replicas there are
     * @param isReached whether messages pass from the replica to a peer, and back
     */
    ReadinessWatch(
            ReplicaClient replica,
            int peers,
            PeerRoutes peerRoutes,
            Predicate<NodeId> isReached,
            ActorSystem<?> system) {
        this.replica = replica;
        this.peers = peers;
        this.peerRoutes = peerRoutes;
        this.isReached = isReached;
        system.scheduler().scheduleWithFixedDelay(LOOK, LOOK, this::look, system.executionContext());
    }

    /** Fails with {@link ReplicaClient.NotAnswered} when the replica does not answer in time. */
    CompletionStage<Readiness> look() {
        Optional<Object> life = replica.life();
        if (life.isEmpty()) {
            return is(State.DOWN, replica.failure().orElse("it is down"));
        }
        if (replica.isRecovering()) {
            return is(State.RECOVERING, "it reads its journal");
        }
        Admission admission = peerRoutes.admission(); // Before the replica is asked: it has heard of them then.
        return replica.serviceStatus()
                .thenApply(stand -> stand.map(it -> judge(life.get(), admission, it))
                        .orElseGet(() -> notYet(State.DOWN, "it is down")));
    }

    private CompletionStage<Readiness> is(State state, String why) {
        return CompletableFuture.completedFuture(notYet(state, why));
    }

    private Readiness notYet(State state, String why) {
        return new Readiness(state, dated(Map.of(state.toString(), why)), List.of(), List.of());
    }

    private synchronized Readiness judge(Object life, Admission admission, ReplicaActor.Stand stand) {
        ServiceStatus serviceStatus = stand.details();
        Map<String, String> missing = new LinkedHashMap<>();
        State state = State.READY;
        for (ServiceStatus.Service service : serviceStatus.services()) {
            if (!isMet(service)) {
                state = State.WAITING;
                missing.put(service.name(), whatKeeps(service));
            }
        }
        boolean hasCaughtUp = life.equals(caughtUpIn);
        if (!hasCaughtUp) {
            Map<String, String> toAsk = toAsk(serviceStatus);
            hasCaughtUp = toAsk.isEmpty() && admission.isIn();
            if (!toAsk.isEmpty()) {
                state = State.CATCHING_UP;
                missing.putAll(toAsk);
            } else if (hasCaughtUp
                    && serviceStatus.unheard().size() < peers
                    && serviceStatus.behind().isEmpty()) {
                // Permanent: a peer that returns later makes no replica unready. But a replica must catch up with a
                // peer that had more when it was heard from and is unreachable for a moment.
                caughtUpIn = life;
            }
        }
        if (!admission.isIn()) {
            state = admission.state() == Admission.State.KEPT_OUT ? State.KEPT_OUT : State.JOINING;
            missing.put(state.toString(), admission.problem());
        }
        if (stand.paused()) {
            state = State.PAUSED;
            missing.put(state.toString(), "it is paused");
        }
        List<ServiceStatus.Service> serves = hasCaughtUp && admission.isIn() && !stand.paused()
                ? serviceStatus.services().stream().filter(this::isMet).toList()
                : List.of();
        return new Readiness(state, dated(missing), serves, serviceStatus.unheard());
    }

    private Map<String, String> toAsk(ServiceStatus serviceStatus) {
        Map<String, String> missing = new LinkedHashMap<>();
        serviceStatus.unheard().stream()
                .filter(isReached)
                .forEach(peer -> missing.put("answer of " + peer, peer + " has not told yet what it has"));
        serviceStatus.behind().stream()
                .filter(isReached)
                .forEach(peer -> missing.put("writes of " + peer, peer + " has writes that are not here yet"));
        return missing;
    }

    private boolean isMet(ServiceStatus.Service service) {
        return service.awaited().isEmpty()
                && service.peers().stream().filter(isReached).count() >= service.needed();
    }

    private String whatKeeps(ServiceStatus.Service service) {
        if (!service.awaited().isEmpty()) {
            return "it may lack confirmed writes, and waits for those of: " + names(service.awaited());
        }
        List<NodeId> reached = service.peers().stream().filter(isReached).toList();
        if (service.needed() < service.peers().size()) {
            return "it needs " + service.needed() + " of " + names(service.peers()) + ", of whom "
                    + (reached.isEmpty() ? "none is reached" : "these are reached: " + names(reached));
        }
        List<NodeId> others = new ArrayList<>(service.peers());
        others.removeAll(reached);
        return "not reached: " + names(others);
    }

    private static String names(List<NodeId> ids) {
        return ids.stream().map(NodeId::name).collect(Collectors.joining(", "));
    }

    /** What was missing when it was looked at last has been missing since then. */
    private synchronized List<Missing> dated(Map<String, String> missing) {
        Instant now = Instant.ofEpochMilli(WallClock.millis());
        Map<String, Instant> dates = new HashMap<>();
        missing.keySet().forEach(what -> dates.put(what, since.getOrDefault(what, now)));
        since = dates;
        return missing.entrySet().stream()
                .map(it -> new Missing(it.getKey(), it.getValue(), dates.get(it.getKey())))
                .toList();
    }
}
