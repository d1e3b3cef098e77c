package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/** The directory of the replicas in this process, which resolves the receiver of a message on arrival. */
public final class ReplicaDirectory implements Receiver {
    /** More than one where processes run beside each other as the same replica; the one that started last comes first. */
    private final Map<NodeId, List<ReplicaLifecycle>> running = new ConcurrentHashMap<>();
    /** Why a replica has stopped by itself, until it works again. */
    private final Map<NodeId, String> failed = new ConcurrentHashMap<>();

    private final Map<NodeId, List<Consumer<Boolean>>> watchers = new ConcurrentHashMap<>();

    /** The replica's actor; empty while the replica is down, or when it is not here. */
    public Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        ReplicaLifecycle found = latest(id);
        return found == null ? Optional.empty() : found.actor();
    }

    /** The actors of all processes that run as the replica, the one that started last first. */
    public List<ActorRef<ReplicaActor.Command>> findAll(NodeId id) {
        return running.getOrDefault(id, List.of()).stream()
                .flatMap(each -> each.actor().stream())
                .toList();
    }

    private ReplicaLifecycle latest(NodeId id) {
        List<ReplicaLifecycle> found = running.get(id);
        return found == null ? null : found.get(0);
    }

    /** Whether the replica is up, and has not read all of its journal yet. */
    public boolean isRecovering(NodeId id) {
        ReplicaLifecycle found = latest(id);
        return found != null && !found.isRecovered();
    }

    /** Why the replica has stopped by itself, in words for anybody; empty when it has not, or works again. */
    public Optional<String> failure(NodeId id) {
        ReplicaLifecycle found = latest(id);
        boolean works = found != null && found.isRecovered();
        return works ? Optional.empty() : Optional.ofNullable(failed.get(id));
    }

    /**
     * Has something told each time a replica comes up, and each time it goes down: what waits for an answer of it then waits
     * in vain.
     *
     * @param watcher is given whether the replica is up; called on any thread; must be quick and may not throw
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
            each.actor().ifPresent(replica -> replica.tell(new ReplicaActor.PeerMessage(from, message)));
        }
        return true;
    }

    /** Before the replica says anything: who answers it has to find it. */
    void up(NodeId id, ReplicaLifecycle replicaLifecycle) {
        running.merge(
                id,
                List.of(replicaLifecycle),
                (others, latest) ->
                        Stream.concat(latest.stream(), others.stream()).toList());
        tell(id, true);
    }

    /** From now on the replica neither hears nor acts, even where Pekko has still to stop its actors. */
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

    /** One of the processes that run as a replica has ended. */
    void ended(NodeId id, ReplicaLifecycle replicaLifecycle) {
        running.computeIfPresent(id, (same, found) -> {
            List<ReplicaLifecycle> left =
                    found.stream().filter(each -> each != replicaLifecycle).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** The replica is down by itself. */
    void failed(NodeId id, String why) {
        failed.put(id, why);
    }
}
