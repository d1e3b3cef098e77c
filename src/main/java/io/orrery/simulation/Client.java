package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.replica.ReplicaActor;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A client of a simulated world: it has one operation open at a time, carries its session token from each answer to the
 * next request, and gives up after a timeout; the outcome is unknown then.
 */
public final class Client {
    /** The low bits of a request's id are the number of the client, so that a reply can be routed to it. */
    private static final int INDEX_BITS = 20;

    private final World world;
    private final String name;
    private final int index;
    private String session = "";
    private Duration timeout = Duration.ofSeconds(10);

    private long requests;
    private long openId = -1;
    private NodeId openVia;
    private Operation open;
    private Consumer<Outcome> whenDone;
    private long deadline;
    private boolean timerIsSet;

    Client(World world, String name, int index) {
        if (index >= 1 << INDEX_BITS) {
            throw new IllegalStateException("a world has at most " + (1 << INDEX_BITS) + " clients");
        }
        this.world = world;
        this.name = name;
        this.index = index;
    }

    static int indexOf(long requestId) {
        return (int) (requestId & ((1 << INDEX_BITS) - 1));
    }

    public String name() {
        return name;
    }

    /** How long the client waits for an answer. */
    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    public boolean isBusy() {
        return open != null;
    }

    /**
     * Invokes an operation at a replica.
     *
     * @param whenDone receives the outcome, possibly at once
     * @throws IllegalStateException when the client's last operation has not returned
     */
    public void invoke(NodeId via, Operation operation, Consumer<Outcome> whenDone) {
        if (isBusy()) {
            throw new IllegalStateException("client " + name + " is busy with " + open);
        }
        this.open = operation;
        this.openVia = via;
        this.openId = (++requests << INDEX_BITS) | index;
        this.whenDone = whenDone;
        world.observer().invoked(name, via, operation);
        Optional<ActorRef<ReplicaActor.Command>> replica = world.find(via);
        if (replica.isEmpty()) {
            done(new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "replica " + via + " is down"));
            return;
        }
        deadline = world.nowNanos() + timeout.toNanos();
        if (!timerIsSet) {
            setTimer();
        }
        replica.get().tell(new ReplicaActor.ClientRequest(openId, name, operation, session, world.replies()));
    }

    // One timer serves all operations: usually its operation has long returned when it fires.
    private void setTimer() {
        timerIsSet = true;
        world.loop().after(deadline - world.nowNanos(), () -> {
            timerIsSet = false;
            if (!isBusy()) {
                return;
            }
            if (world.nowNanos() < deadline) {
                setTimer();
            } else {
                done(new Outcome.Unknown("no answer within " + io.orrery.model.Durations.format(timeout)));
            }
        });
    }

    void replied(ReplicaActor.Reply reply) {
        // Ignores an answer that arrives after the client gave up.
        if (reply.id() == openId && isBusy()) {
            done(reply.outcome());
        }
    }

    private void done(Outcome outcome) {
        Operation operation = open;
        Consumer<Outcome> listener = whenDone;
        open = null;
        whenDone = null;
        if (!outcome.session().isEmpty()) {
            session = outcome.session();
        }
        world.observer().returned(name, openVia, operation, outcome);
        listener.accept(outcome);
    }
}
