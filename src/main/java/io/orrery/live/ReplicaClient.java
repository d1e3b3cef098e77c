package io.orrery.live;

import io.orrery.deployment.Deployment;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.replica.ReplicaActor;
import io.orrery.replica.ReplicaDirectory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Sends clients' requests to a replica, with a deadline and a bound on open requests. Thread-safe.
 *
 * <p>All answers of a replica come to one {@link DirectRef}, which finds the request by its number: an {@code ask}
 * would make an actor and a timer for each request. So what is chained to an answer runs on the replica's thread, and
 * must be short.
 */
public final class ReplicaClient {
    private static final Duration SWEEP = Duration.ofMillis(20);

    private final NodeId id;
    private final ReplicaDirectory replicaDirectory;
    private final Deployment.Limits limits;
    private final long mostBytes;
    private final ActorSystem<?> system;
    private final ActorRef<ReplicaActor.Reply> answers;
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final AtomicInteger openCount = new AtomicInteger();
    private final AtomicLong openBytes = new AtomicLong();
    private final AtomicLong lastRequest = new AtomicLong();

    private volatile Supplier<Admission> admission = () -> Admission.IN;

    private record Open(long deadlineNanos, long bytes, CompletableFuture<Outcome> outcome) {}

    private ReplicaClient(
            NodeId id,
            ReplicaDirectory replicaDirectory,
            Deployment.Limits limits,
            long mostBytes,
            ActorSystem<?> system) {
        this.id = id;
        this.replicaDirectory = replicaDirectory;
        this.limits = limits;
        this.mostBytes = mostBytes;
        this.system = system;
        this.answers = DirectRef.create(system, this::answered);
        system.scheduler().scheduleWithFixedDelay(SWEEP, SWEEP, this::expire, system.executionContext());
    }

    /** @param mostBytes of keys and values in the requests that are open */
    static ReplicaClient create(
            NodeId id,
            ReplicaDirectory replicaDirectory,
            Deployment.Limits limits,
            long mostBytes,
            ActorSystem<?> system) {
        ReplicaClient client = new ReplicaClient(id, replicaDirectory, limits, mostBytes, system);
        replicaDirectory.watch(id, isUp -> {
            if (!isUp) {
                client.crashed();
            }
        });
        return client;
    }

    /** Refuses requests while the node is not admitted. */
    public void onlyWhere(Supplier<Admission> isIn) {
        admission = isIn;
    }

    private void answered(Object message) {
        if (message instanceof ReplicaActor.Reply reply) {
            complete(reply.id(), reply.outcome());
        }
    }

    private void complete(long request, Outcome outcome) {
        Open found = open.remove(request);
        if (found != null) {
            openCount.decrementAndGet();
            openBytes.addAndGet(-found.bytes());
            found.outcome().complete(outcome);
        }
    }

    /** Open requests will not be answered, and some may have taken effect. */
    private void crashed() {
        open.keySet().forEach(this::crashed);
    }

    private void crashed(long request) {
        complete(request, new Outcome.Unknown("replica " + id + " has crashed"));
    }

    private void expire() {
        long now = System.nanoTime();
        open.forEach((request, waiting) -> {
            if (now - waiting.deadlineNanos() >= 0) {
                complete(request, new Outcome.Unknown(noAnswer()));
            }
        });
    }

    private String noAnswer() {
        return "replica " + id + " has not answered within " + Durations.format(limits.requestTimeout());
    }

    public NodeId id() {
        return id;
    }

    /** How many requests wait for an answer. */
    public int openRequests() {
        return openCount.get();
    }

    /** Whether the replica is up; it may be paused. */
    public boolean isUp() {
        return replicaDirectory.find(id).isPresent();
    }

    /** Whether the replica is up, and has not read all of its journal yet. */
    public boolean isRecovering() {
        return replicaDirectory.isRecovering(id);
    }

    /** Why the replica failed, for people; empty if it has not, or works again. */
    public Optional<String> failure() {
        return replicaDirectory.failure(id);
    }

    /** The life that the replica is in: another one after each start; empty while it is down. */
    Optional<Object> life() {
        return replicaDirectory.find(id).map(Object.class::cast);
    }

    /** Has the replica carry out an operation. Completed normally in every case, within the request time-out. */
    public CompletionStage<Outcome> request(Operation operation, String session) {
        return request(operation, session, Optional.empty());
    }

    /**
     * The same.
     *
     * @param name the client's own id of a write, if it gave one
     */
    public CompletionStage<Outcome> request(Operation operation, String session, Optional<RequestId> name) {
        ActorRef<ReplicaActor.Command> replica = replicaDirectory.find(id).orElse(null);
        if (replica == null) {
            return refused(Outcome.Reason.UNAVAILABLE, "replica " + id + " is down");
        }
        Admission now = admission.get();
        if (!now.isIn()) {
            return refused(Outcome.Reason.UNAVAILABLE, now.problem());
        }
        if (openCount.incrementAndGet() > limits.openRequests()) {
            openCount.decrementAndGet();
            return refused(
                    Outcome.Reason.OVERLOADED,
                    "replica " + id + " has " + limits.openRequests() + " requests open already");
        }
        long bytes = operation.bytes();
        // Compared before it is added, so that a single request may exceed the limit.
        if (openBytes.getAndAdd(bytes) >= mostBytes) {
            openCount.decrementAndGet();
            openBytes.addAndGet(-bytes);
            return refused(Outcome.Reason.OVERLOADED, "the open requests of replica " + id + " are too large together");
        }
        long request = lastRequest.incrementAndGet();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        open.put(request, new Open(System.nanoTime() + limits.requestTimeout().toNanos(), bytes, outcome));
        replica.tell(new ReplicaActor.ClientRequest(request, "http", operation, session, name, answers));
        if (replicaDirectory.find(id).filter(replica::equals).isEmpty()) {
            crashed(request); // Between the two: nobody else has seen that it is open.
        }
        return outcome;
    }

    private static CompletionStage<Outcome> refused(Outcome.Reason reason, String detail) {
        return CompletableFuture.completedFuture(new Outcome.Refused(reason, detail));
    }

    /** The replica's state; empty when it is down. Fails with {@link NotAnswered} when it does not answer in time. */
    public CompletionStage<Optional<ReplicaActor.Status>> status() {
        return replicaDirectory
                .find(id)
                .map(replica -> ask(replica, ReplicaActor.GetStatus::new).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /**
     * The service status of the replica; empty if it is down. Fails with {@link NotAnswered} when it does not answer in
     * time.
     */
    CompletionStage<Optional<ReplicaActor.Stand>> serviceStatus() {
        return replicaDirectory
                .find(id)
                .map(replica -> ask(replica, ReplicaActor.GetStanding::new).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Whether the replica works. Fails with {@link NotAnswered} when it does not answer in time. */
    public CompletionStage<ReplicaState> state() {
        return status().thenApply(ReplicaClient::stateOf);
    }

    /** What a status says of whether the replica works. */
    public static ReplicaState stateOf(Optional<ReplicaActor.Status> status) {
        return status.map(it -> it.paused() ? ReplicaState.PAUSED : ReplicaState.RUNNING)
                .orElse(ReplicaState.DOWN);
    }

    /**
     * All that the replica holds; empty when it is down. Fails with {@link NotAnswered} when it does not answer in time,
     * as when it is paused.
     */
    public CompletionStage<Optional<ReplicaActor.Data>> data() {
        return replicaDirectory
                .find(id)
                .map(replica -> ask(replica, ReplicaActor.GetData::new).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    private <T> CompletionStage<T> ask(
            ActorRef<ReplicaActor.Command> replica, Function<ActorRef<T>, ReplicaActor.Command> question) {
        return AskPattern.<ReplicaActor.Command, T>ask(
                        replica, question::apply, limits.requestTimeout(), system.scheduler())
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException ? new NotAnswered(noAnswer()) : failure));
    }

    /** A read-only request was not answered in time. */
    public static final class NotAnswered extends RuntimeException {
        NotAnswered(String message) {
            super(message);
        }
    }
}
