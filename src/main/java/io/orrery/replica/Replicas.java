package io.orrery.replica;

import io.orrery.model.NodeId;
import io.orrery.network.Receiver;
import io.orrery.protocol.Message;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The directory of the replicas that run in this process, by which a message finds its replica when it arrives. */
public final class Replicas implements Receiver {
    private record Running(ActorRef<ReplicaActor.Command> actor, ReplicaActor.Lifeline lifeline) {}

    private final Map<NodeId, Running> running = new ConcurrentHashMap<>();
    private final Map<NodeId, Runnable> whenDown = new ConcurrentHashMap<>();

    /** The replica's actor; empty while the replica is down, or when it is not here. */
    public Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        Running found = running.get(id);
        return found == null ? Optional.empty() : Optional.of(found.actor());
    }

    /** Whether the replica is up, and has not read all of its journal yet. */
    public boolean isRecovering(NodeId id) {
        Running found = running.get(id);
        return found != null && !found.lifeline().isRecovered();
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
        Running found = running.get(to);
        if (found == null) {
            return false;
        }
        found.actor().tell(new ReplicaActor.PeerMessage(from, message));
        return true;
    }

    void up(NodeId id, ActorRef<ReplicaActor.Command> actor, ReplicaActor.Lifeline lifeline) {
        running.put(id, new Running(actor, lifeline));
    }

    /** From now on the replica neither hears nor acts, even where Pekko has still to stop its actor. */
    void down(NodeId id) {
        Running found = running.remove(id);
        if (found != null) {
            found.lifeline().cut();
            whenDown.getOrDefault(id, () -> {}).run();
        }
    }
}
