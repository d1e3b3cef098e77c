package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/** The directory of the replicas that run in this process, by which a message finds its replica when it arrives. */
public final class Replicas implements Receiver {
    private record Running(ActorRef<ReplicaActor.Command> actor, ReplicaActor.Lifeline lifeline) {}

    /** More than one where processes run beside each other as the same replica; the one that started last comes first. */
    private final Map<NodeId, List<Running>> running = new ConcurrentHashMap<>();

    private final Map<NodeId, Runnable> whenDown = new ConcurrentHashMap<>();

    /** The replica's actor; empty while the replica is down, or when it is not here. */
    public Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        List<Running> found = running.get(id);
        return found == null ? Optional.empty() : Optional.of(found.get(0).actor());
    }

    /** The actors of all processes that run as the replica, the one that started last first. */
    public List<ActorRef<ReplicaActor.Command>> findAll(NodeId id) {
        return running.getOrDefault(id, List.of()).stream().map(Running::actor).toList();
    }

    /** Whether the replica is up, and has not read all of its journal yet. */
    public boolean isRecovering(NodeId id) {
        List<Running> found = running.get(id);
        return found != null && !found.get(0).lifeline().isRecovered();
    }

    /**
     * Has something done each time a replica goes down: what waits for an answer of it waits in vain.
     *
     * @param action called on any thread; must be quick and may not throw
     */
    public void whenDown(NodeId id, Runnable action) {
        whenDown.put(id, action);
    }

    @Override
    public boolean deliver(NodeId from, NodeId to, Message message) {
        List<Running> found = running.get(to);
        if (found == null) {
            return false;
        }
        for (Running each : found) {
            each.actor().tell(new ReplicaActor.PeerMessage(from, message));
        }
        return true;
    }

    void up(NodeId id, ActorRef<ReplicaActor.Command> actor, ReplicaActor.Lifeline lifeline) {
        running.merge(id, List.of(new Running(actor, lifeline)), (others, latest) -> Stream.concat(
                        latest.stream(), others.stream())
                .toList());
    }

    /** From now on the replica neither hears nor acts, even where Pekko has still to stop its actors. */
    void down(NodeId id) {
        List<Running> found = running.remove(id);
        if (found != null) {
            found.forEach(each -> each.lifeline().cut());
            whenDown.getOrDefault(id, () -> {}).run();
        }
    }

    /** One of the processes that run as a replica has ended. */
    void ended(NodeId id, ActorRef<ReplicaActor.Command> actor) {
        running.computeIfPresent(id, (same, found) -> {
            List<Running> left =
                    found.stream().filter(each -> !each.actor().equals(actor)).toList();
            return left.isEmpty() ? null : left;
        });
    }
}
