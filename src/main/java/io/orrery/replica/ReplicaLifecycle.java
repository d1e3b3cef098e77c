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

    /** By this actor it lives. Told by the actor, ahead of all that it does, and by who made it: whoever comes first. */
    void begins(ActorRef<ReplicaActor.Command> actor) {
        this.actor = actor;
    }

    /** Empty for the moment in which the actor is made. */
    Optional<ActorRef<ReplicaActor.Command>> actor() {
        return Optional.ofNullable(actor);
    }

    /** The replica has crashed: it may not act any more, even where its actor has still to stop. */
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

    /** The replica relies on something that does not hold, so its actor stops. */
    void broke(BrokenInvariant what) {
        broken = what;
    }

    /** What does not hold; null where nothing is known to be wrong. */
    BrokenInvariant broken() {
        return broken;
    }
}
