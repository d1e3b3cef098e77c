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
    private final Map<NodeId, Lifeline> running = new ConcurrentHashMap<>();
    /** Why a replica has stopped by itself, until it works again. */
    private final Map<NodeId, String> failed = new ConcurrentHashMap<>();

    private final Map<NodeId, Runnable> whenDown = new ConcurrentHashMap<>();

    /** The replica's actor; empty while the replica is down, or when it is not here. */
    public Optional<ActorRef<ReplicaActor.Command>> find(NodeId id) {
        Lifeline found = running.get(id);
        return found == null ? Optional.empty() : found.actor();
    }

    /** Whether the replica is up, and has not read all of its journal yet. */
    public boolean isRecovering(NodeId id) {
        Lifeline found = running.get(id);
        return found != null && !found.isRecovered();
    }

    /** Why the replica has stopped by itself, in words for anybody; empty when it has not, or works again. */
    public Optional<String> failure(NodeId id) {
        Lifeline found = running.get(id);
        boolean works = found != null && found.isRecovered();
        return works ? Optional.empty() : Optional.ofNullable(failed.get(id));
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
        Optional<ActorRef<ReplicaActor.Command>> found = find(to);
        found.ifPresent(replica -> replica.tell(new ReplicaActor.PeerMessage(from, message)));
        return found.isPresent();
    }

    /** Before the replica says anything: who answers it has to find it. */
    void up(NodeId id, Lifeline lifeline) {
        running.put(id, lifeline);
    }

    /** From now on the replica neither hears nor acts, even where Pekko has still to stop its actor. */
    void down(NodeId id) {
        Lifeline found = running.remove(id);
        if (found != null) {
            found.cut();
            if (found.isRecovered()) {
                failed.remove(id); // It had worked again.
            }
            whenDown.getOrDefault(id, () -> {}).run();
        }
    }

    /** The replica is down by itself. */
    void failed(NodeId id, String why) {
        failed.put(id, why);
    }
}
