package io.orrery.replica;

import io.orrery.model.Outcome;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;

/**
 * A replica that is up and cannot read its journal yet. Inputs wait, within the limits of a pause, until it has
 * recovered. Where a replay blocks the thread of the replica, inputs wait in the mailbox instead.
 */
final class RecoveringReplica {
    private final ReplicaActor.Parts parts;
    private final StashBuffer<ReplicaActor.Command> waiting;
    private long waitingBytes;

    private RecoveringReplica(ReplicaActor.Parts parts, StashBuffer<ReplicaActor.Command> waiting) {
        this.parts = parts;
        this.waiting = waiting;
    }

    /** Becomes a replica that has recovered, at once if the journal can be read already. */
    static Behavior<ReplicaActor.Command> create(ReplicaActor.Parts parts) {
        return Behaviors.setup(context -> {
            ActorRef<ReplicaActor.Command> me = context.getSelf();
            // Before it says anything: the answer has to find it.
            parts.lifeline().begins(me);
            CompletableFuture<Void> readable = parts.journal().whenReadable().toCompletableFuture();
            if (readable.isDone()) {
                return ReplicaActor.recovered(parts);
            }
            readable.thenRun(() -> me.tell(new ReplicaActor.JournalIsReadable()));
            return Behaviors.withStash(Integer.MAX_VALUE, waiting -> new RecoveringReplica(parts, waiting).behavior());
        });
    }

    private Behavior<ReplicaActor.Command> behavior() {
        return Behaviors.receiveMessage(command -> {
            if (parts.lifeline().isCut()) {
                return Behaviors.stopped();
            }
            if (command instanceof ReplicaActor.JournalIsReadable) {
                return waiting.unstashAll(ReplicaActor.recovered(parts));
            }
            keepForLater(command);
            return Behaviors.same();
        });
    }

    private void keepForLater(ReplicaActor.Command command) {
        boolean full = waiting.size() >= parts.limits().paused()
                || waitingBytes >= parts.limits().bytes();
        if (full && command instanceof ReplicaActor.ClientRequest request) {
            request.refuse(Outcome.Reason.OVERLOADED, "the replica has " + waiting.size() + " messages waiting");
        } else if (full && command instanceof ReplicaActor.PeerMessage message) {
            parts.observer().dropped(parts.settings().self(), message);
        } else {
            waiting.stash(command);
            waitingBytes += command.bytes();
        }
    }
}
