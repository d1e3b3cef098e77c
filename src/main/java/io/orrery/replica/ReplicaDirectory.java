package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/** The replicas in this process; resolves the receiver of a message on arrival. */
public final class ReplicaDirectory implements Receiver {
    /** More than one if several processes run as the same replica; the latest start comes first. */
    private final Map<NodeId, List<ReplicaLifecycle>> running = new ConcurrentHashMap<>();
    /** The reason why a replica has stopped by itself, until it works again. */
    private final Map<NodeId, String> failed = new ConcurrentHashMap<>();

    private final Map<NodeId, List<Consumer<Boolean>>> watchers = new ConcurrentHashMap<>();

    /** The replica's actor; empty if the replica is down or not in this process. */
    public Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        ReplicaLifecycle found = latest(id);
        return found == null ? Optional.empty() : found.actor();
    }

    /** The actors of all processes that run as the replica, latest start first. */
    public List<ActorRef<ReplicaActor.Command>> findAll(NodeId id) {
        List<ActorRef<ReplicaActor.Command>> actors = new ArrayList<>(1);
        for (ReplicaLifecycle each : running.getOrDefault(id, List.of())) {
            each.actor().ifPresent(actors::add);
        }
        return actors;
    }

    private ReplicaLifecycle latest(NodeId id) {
        List<ReplicaLifecycle> found = running.get(id);
        return found == null ? null : found.get(0);
    }

    /** Whether the replica is up but has not read its whole journal yet. */
    public boolean isRecovering(NodeId id) {
        ReplicaLifecycle found = latest(id);
        return found != null && !found.isRecovered();
    }

    /** The reason why the replica has stopped by itself, for clients; empty if it has not, or works again. */
    public Optional<String> failure(NodeId id) {
        ReplicaLifecycle found = latest(id);
        boolean works = found != null && found.isRecovered();
        return works ? Optional.empty() : Optional.ofNullable(failed.get(id));
    }

    /**
     * Calls a watcher each time a replica comes up or goes down, after which its open requests have no answer.
     *
     * @param watcher takes whether the replica is up; called on any thread; must be quick and may not throw
     */
    public void watch(NodeId id, Consumer<Boolean> watcher) {
        watchers.computeIfAbsent(id, any -> new CopyOnWriteArrayList<>()).add(watcher);
    }

    private void tell(NodeId id, boolean isUp) {
        watchers.getOrDefault(id, List.of()).forEach(watcher -> watcher.accept(isUp));
    }

    @Override
    public boolean deliver(NodeId from, NodeId to, Message message) {
        List<ReplicaLifecycle> found = running.get(to);
        if (found == null) {
            return false;
        }
        for (ReplicaLifecycle each : found) {
            each.tell(new ReplicaActor.PeerMessage(from, message));
        }
        return true;
    }

    /** Registers a replica before it sends anything, so that answers find it. */
    void up(NodeId id, ReplicaLifecycle replicaLifecycle) {
        running.merge(
                id,
                List.of(replicaLifecycle),
                (others, latest) ->
                        Stream.concat(latest.stream(), others.stream()).toList());
        tell(id, true);
    }

    /** Isolates the replica at once, even if Pekko has yet to stop its actors. */
    void down(NodeId id) {
        List<ReplicaLifecycle> found = running.remove(id);
        if (found != null) {
            found.forEach(ReplicaLifecycle::cut);
            if (found.get(0).isRecovered()) {
                failed.remove(id); // It had worked again.
            }
            tell(id, false);
        }
    }

    /** Unregisters one of the processes that run as a replica. */
    void ended(NodeId id, ReplicaLifecycle replicaLifecycle) {
        running.computeIfPresent(id, (same, found) -> {
            List<ReplicaLifecycle> left =
                    found.stream().filter(each -> each != replicaLifecycle).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** Records that the replica has stopped by itself. */
    void failed(NodeId id, String why) {
        failed.put(id, why);
    }
}
