package io.orrery.replica;

import io.orrery.protocol.kit.BrokenInvariant;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The life cycle of one start of a replica, as seen from outside. Thread-safe. */
public final class ReplicaLifecycle {
    private volatile ActorRef<ReplicaActor.Command> actor;
    private volatile boolean cut;
    private volatile boolean recovered;
    private volatile boolean diskFailed;
    private volatile boolean ended;
    private volatile BrokenInvariant broken;

    /** Sets its actor. Called by both the actor, before it acts, and its parent; the first call counts. */
    void begins(ActorRef<ReplicaActor.Command> actor) {
        this.actor = actor;
    }

    /** Empty while the actor is being created. */
    Optional<ActorRef<ReplicaActor.Command>> actor() {
        return Optional.ofNullable(actor);
    }

    /** Tells the actor something; in the moment in which it is made, nobody hears it. */
    void tell(ReplicaActor.Command command) {
        ActorRef<ReplicaActor.Command> told = actor;
        if (told != null) {
            told.tell(command);
        }
    }

    /** The replica has crashed: it must not act any more, even if its actor has yet to stop. */
    public void cut() {
        cut = true;
    }

    boolean isCut() {
        return cut;
    }

    /** The replica has read its journal. */
    void recovered() {
        recovered = true;
    }

    boolean isRecovered() {
        return recovered;
    }

    /** Another process has taken the replica's place, and nothing is left to hand over, so its actor stops. */
    void ended() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** The replica's disk has failed, so its actor stops. */
    void diskFailed() {
        diskFailed = true;
    }

    boolean hasDiskFailed() {
        return diskFailed;
    }

    /** An invariant of the replica does not hold, so its actor stops. */
    void broke(BrokenInvariant what) {
        broken = what;
    }

    /** The broken invariant; null if none is known. */
    BrokenInvariant broken() {
        return broken;
    }
}
