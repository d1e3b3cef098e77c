package io.orrery.simulation;

import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.network.SeededRandom;
import io.orrery.replica.ReplicaActor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A client of a simulated world: it has one operation open at a time, carries its session token from each answer to the
 * next request, and gives up after a timeout; the outcome is unknown then. Its {@link ClientModel} says how requests and
 * answers travel, and whether it asks again.
 *
 * <p>What is recorded stays true: a write that is asked again after an unknown outcome is an operation of its own, because
 * the first may still take effect, before or after it. A read that is asked again, and whatever is asked again after a
 * refusal, stays the operation that it is. So does a write with an id, which is asked again at the next replica.
 */
public final class Client {
    /** The low bits of a request's id are the number of the client, so that a reply can be routed to it. */
    private static final int INDEX_BITS = 20;

    private final World world;
    private final String name;
    private final int index;
    private final ClientModel model;
    private final SeededRandom random;
    private final ClientWay way;
    private String session = "";
    private Duration timeout;

    private long requests;
    private NodeId via;
    /** The replica that has the last request: another one than at first where a write has an id. */
    private NodeId asked;

    private Operation open;
    /** That of the open operation, where the client gives its writes any. */
    private Optional<RequestId> requestId = Optional.empty();

    private Consumer<Outcome> whenDone;
    /** The first request of the open operation: an answer to it or a later one is one to a read. */
    private long firstId;
    /** The first and the last request of the last attempt. */
    private long attemptId;

    private long lastId = -1;
    /** Whether the last request is waited for; else the client pauses before it asks again. */
    private boolean isAsking;
    /** Whether a replica has the last request, so that the crash of that replica is one of its client's too. */
    private boolean hasArrived;

    private int retriesLeft;
    /** Why a write of the open operation may have taken effect that was asked before; else null. */
    private Outcome.Unknown doubt;

    private long deadline;
    private boolean timerIsSet;

    Client(World world, String name, int index, ClientModel model, SeededRandom random) {
        if (index >= 1 << INDEX_BITS) {
            throw new IllegalStateException("a world has at most " + (1 << INDEX_BITS) + " clients");
        }
        this.world = world;
        this.name = name;
        this.index = index;
        this.model = model;
        this.random = random;
        this.way = new ClientWay(random, world.loop()::after);
        this.timeout = model.timeout().orElse(Duration.ofSeconds(10));
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
        this.via = via;
        this.asked = via;
        this.whenDone = whenDone;
        this.retriesLeft = model.retries();
        this.doubt = null;
        this.firstId = nextId();
        this.requestId = model.requestIds() && isWrite()
                ? Optional.of(RequestId.of("client" + index + "-" + (requests + 1)))
                : Optional.empty();
        world.observer().invoked(name, via, operation);
        ask();
    }

    private long idOf(long request) {
        return request << INDEX_BITS | index;
    }

    private long nextId() {
        return idOf(requests + 1);
    }

    private void ask() {
        isAsking = true;
        hasArrived = false;
        deadline = world.nowNanos() + timeout.toNanos();
        Attempt attempt = new Attempt();
        way.carry(model.way(name, via), attempt, this::doubled, attempt::lost);
        if (isBusy() && isAsking && !timerIsSet) {
            setTimer();
        }
    }

    private boolean isWrite() {
        return !(open instanceof Operation.Read || open instanceof Operation.HandMadeWrite);
    }

    private void doubled() {
        if (requestId.isPresent()) {
            doubt = new Outcome.Unknown("the request was doubled, and each copy may be done");
        } else if (!(open instanceof Operation.Read)) {
            world.observer().doubled(name, via, open);
        }
    }

    /** A request under way, perhaps doubled: each copy has a number of its own, as a replica takes them for two. */
    private final class Attempt implements Runnable {
        private final NodeId at = asked;
        private final Operation operation = open;
        private final String token = session;
        private final Optional<RequestId> writeId = requestId;
        private long nextId = nextId();

        Attempt() {
            attemptId = nextId;
            requests += model.way().duplicate() > 0 ? 2 : 1;
            lastId = idOf(requests);
        }

        void lost() {
            world.observer().requestLost(name, at, operation);
        }

        /** It arrives, or a copy of it. */
        @Override
        public void run() {
            long id = nextId;
            nextId += 1L << INDEX_BITS;
            Optional<ActorRef<ReplicaActor.Command>> replica = world.find(at);
            if (replica.isPresent()) {
                hasArrived |= isOfTheLastAttempt(id);
                replica.get()
                        .tell(new ReplicaActor.ClientRequest(id, name, operation, token, writeId, world.replies()));
            } else {
                answer(id, new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "replica " + at + " is down"));
            }
        }
    }

    private boolean isOfTheLastAttempt(long id) {
        return id >= attemptId && id <= lastId;
    }

    // One timer serves all requests: usually its request has long been answered when it fires.
    private void setTimer() {
        timerIsSet = true;
        world.loop().after(deadline - world.nowNanos(), () -> {
            timerIsSet = false;
            if (!isBusy() || !isAsking) {
                return;
            }
            if (world.nowNanos() < deadline) {
                setTimer();
            } else {
                ended(new Outcome.Unknown("no answer within " + Durations.format(timeout)));
            }
        });
    }

    /** A replica has answered: the answer sets out. */
    void replied(ReplicaActor.Reply reply) {
        answer(reply.id(), reply.outcome());
    }

    /** A replica has stopped: whoever waits for it may be told. */
    void crashed(NodeId replica) {
        if (isBusy() && isAsking && hasArrived && asked.equals(replica)) {
            long id = lastId;
            Outcome unknown = new Outcome.Unknown("replica " + replica + " has crashed");
            world.loop().after(0, () -> answer(id, unknown));
        }
    }

    private void answer(long id, Outcome outcome) {
        way.carry(
                model.way(name, via),
                () -> take(id, outcome),
                () -> {},
                () -> world.observer().answerLost(name, outcome));
    }

    /** Ignores an answer to what the client has given up, and the second of two. */
    private void take(long id, Outcome outcome) {
        boolean isAwaited = isAsking && isOfTheLastAttempt(id);
        boolean isOfTheSame =
                (open instanceof Operation.Read || requestId.isPresent()) && id >= firstId && id <= lastId;
        if (isBusy() && (isAwaited || isOfTheSame && outcome instanceof Outcome.Done)) {
            ended(outcome);
        }
    }

    private void ended(Outcome outcome) {
        isAsking = false;
        if (retriesLeft > 0 && isWorthAnother(outcome)) {
            retriesLeft--;
            askAgain(outcome);
            return;
        }
        Consumer<Outcome> listener = whenDone;
        Outcome whole = doubt != null && outcome instanceof Outcome.Refused ? doubt : outcome;
        returned(requestId.isPresent() ? whole : outcome);
        open = null;
        whenDone = null;
        if (!outcome.session().isEmpty()) {
            session = outcome.session();
        }
        listener.accept(whole);
    }

    private static boolean isWorthAnother(Outcome outcome) {
        return outcome instanceof Outcome.Unknown
                || outcome instanceof Outcome.Refused refused
                        && (refused.reason() == Outcome.Reason.UNAVAILABLE
                                || refused.reason() == Outcome.Reason.OVERLOADED);
    }

    private void askAgain(Outcome outcome) {
        boolean isInDoubt = outcome instanceof Outcome.Unknown && !(open instanceof Operation.Read);
        boolean isOfItsOwn = isInDoubt && requestId.isEmpty();
        if (isInDoubt) {
            doubt = (Outcome.Unknown) outcome;
        }
        if (isOfItsOwn) {
            returned(outcome);
        }
        if (requestId.isPresent()) {
            List<NodeId> replicas = world.spec().replicas();
            asked = replicas.get((replicas.indexOf(asked) + 1) % replicas.size());
        }
        long last = lastId;
        world.loop().after(model.retryAfter().sampleNanos(random), () -> {
            if (isBusy() && !isAsking && lastId == last) {
                if (isOfItsOwn) {
                    world.observer().invoked(name, via, open);
                }
                ask();
            }
        });
    }

    private void returned(Outcome outcome) {
        world.observer().returned(name, via, open, outcome);
    }
}
