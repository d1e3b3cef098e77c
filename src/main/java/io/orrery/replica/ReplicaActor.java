package io.orrery.replica;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.model.CounterLimits;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.RequestId;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.network.Links;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.Timer;
import io.orrery.protocol.kit.BrokenInvariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * A replica: the one typed actor, for any protocol and runtime. It passes inputs to its {@link Protocol} and performs
 * the effects in order; those after a {@code persist} wait until the entry is durable.
 */
public final class ReplicaActor extends AbstractBehavior<ReplicaActor.Command> {
    /** The messages of a replica actor. */
    public sealed interface Command {
        /** The approximate size of its keys and values; 0 if it has none. */
        default long bytes() {
            return 0;
        }
    }

    /**
     * A client's request.
     *
     * @param id chosen by the client, repeated in the reply
     * @param client the client's name, for traces
     * @param name the client's own id of the request, if it gave one
     */
    public record ClientRequest(
            long id,
            String client,
            Operation operation,
            String session,
            Optional<RequestId> name,
            ActorRef<Reply> replyTo)
            implements Command {
        /** One without an id of the client's own. */
        public ClientRequest(long id, String client, Operation operation, String session, ActorRef<Reply> replyTo) {
            this(id, client, operation, session, Optional.empty(), replyTo);
        }

        @Override
        public long bytes() {
            return operation.bytes();
        }

        void answer(Outcome outcome) {
            replyTo.tell(new Reply(id, outcome));
        }

        void refuse(Outcome.Reason reason, String detail) {
            answer(new Outcome.Refused(reason, detail));
        }
    }

    /** The answer to a {@link ClientRequest}. */
    public record Reply(long id, Outcome outcome) {}

    /** A peer's message has arrived. */
    public record PeerMessage(NodeId from, Message message) implements Command {
        @Override
        public long bytes() {
            return message.bytes();
        }
    }

    /** A peer may be reachable again. */
    public record Reachable(NodeId peer) implements Command {}

    /** A peer is unreachable now. */
    public record Unreachable(NodeId peer) implements Command {}

    /** Pauses the replica until {@link Resume}. Idempotent. */
    public record Pause() implements Command {}

    /** Resumes the replica, which first handles what arrived meanwhile. */
    public record Resume() implements Command {}

    /** Asks for the replica's current state, which may be ahead of the disk. Answered during a pause too. */
    public record GetStatus(ActorRef<Status> replyTo) implements Command {}

    /** Asks for the replica's progress since its start. Answered during a pause too. */
    public record GetStanding(ActorRef<Stand> replyTo) implements Command {}

    /** Asks for the replica's contents. Neither answered nor kept during a pause. */
    public record GetData(ActorRef<Data> replyTo) implements Command {}

    /** The replica's state. */
    public record Status(NodeId node, boolean paused, ReplicaStatus details) {}

    /** The replica's progress since its start. */
    public record Stand(boolean paused, ServiceStatus details) {}

    /**
     * The replica's contents at one moment.
     *
     * @param updates in no particular order, including tombstones
     */
    public record Data(NodeId node, List<Update> updates) {
        /** The updates in the order of their keys. Slow for many updates: do not call it on the replica's thread. */
        public List<Update> sorted() {
            List<Update> sorted = new ArrayList<>(updates);
            sorted.sort(Comparator.comparing(Update::key));
            return sorted;
        }
    }

    private record TimerFired(Timer timer) implements Command {}

    private record Synced(long upTo) implements Command {}

    private record DiskFailed(Throwable cause) implements Command {}

    private record TimeIsUp() implements Command {}

    /** The journal can be replayed now. */
    record JournalIsReadable() implements Command {}

    /**
     * The parts of a replica.
     *
     * @param lifeline of this start; a crash cuts it before the actor has stopped
     * @param nanos the time of the runtime, for deadlines
     */
    public record Parts(
            ProtocolType type,
            ReplicaSettings settings,
            Start start,
            Journal journal,
            Links.Outbound links,
            ReplicaObserver observer,
            ReplicaLifecycle lifeline,
            ReplicaLimits limits,
            LongSupplier nanos) {}

    private final NodeId self;
    private final Parts parts;
    private final TimerScheduler<Command> timers;
    private final Outbox outbox;
    private final Deadlines deadlines;
    private final DurableEffects effects;
    private final Protocol protocol;
    /** Keeps implausible messages from the protocol. */
    private final PlausibilityCheck plausibilityCheck;
    /** The commands that arrived during a pause. */
    private final Queue<Command> waiting = new ArrayDeque<>();

    private long waitingBytes;
    private boolean paused;
    private boolean diskFailed;
    private boolean isBroken;

    /** A replica that recovers from its journal, and stops at once if the journal cannot be read. */
    public static Behavior<Command> create(Parts parts) {
        return RecoveringReplica.create(parts);
    }

    /** The same, once the journal can be replayed. */
    static Behavior<Command> recovered(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            try {
                ReplicaActor replica = new ReplicaActor(context, timers, parts);
                return parts.lifeline().isCut() ? Behaviors.stopped() : replica;
            } catch (JournalException e) {
                parts.lifeline().diskFailed();
                parts.observer().diskFailed(parts.settings().self(), e);
                return Behaviors.stopped();
            } catch (BrokenInvariant e) {
                parts.lifeline().broke(e);
                return Behaviors.stopped();
            }
        }));
    }

    private ReplicaActor(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context);
        this.self = parts.settings().self();
        this.parts = parts;
        this.timers = timers;
        ActorRef<Command> me = context.getSelf();
        this.outbox = new Outbox(
                parts.journal(),
                parts.limits().bytes(),
                upTo -> me.tell(new Synced(upTo)),
                cause -> me.tell(new DiskFailed(cause)));
        this.deadlines = new Deadlines(
                parts.limits().timeout(),
                parts.nanos(),
                after -> timers.startSingleTimer(TimeIsUp.class, new TimeIsUp(), after));
        this.effects = new DurableEffects(
                parts,
                outbox,
                deadlines,
                (timer, after) -> timers.startSingleTimer(timer, new TimerFired(timer), after));
        this.protocol = parts.type().create(parts.settings(), effects);
        this.plausibilityCheck = new PlausibilityCheck(parts.settings(), protocol);
        parts.journal().replay(protocol::recover);
        if (parts.lifeline().isCut()) {
            return; // It has crashed meanwhile, and must not send anything.
        }
        parts.observer().started(self, parts.start().incarnation(), protocol);
        protocol.start(parts.start());
        outbox.flush();
        parts.lifeline().recovered();
    }

    @Override
    public Receive<Command> createReceive() {
        // A cast to our own dispatch: a receive builder would test the message types one by one.
        return new Receive<>() {
            @Override
            public Behavior<Command> receiveMessage(Command command) {
                dispatch(command);
                return diskFailed || isBroken || parts.lifeline().hasEnded() ? Behaviors.stopped() : ReplicaActor.this;
            }

            @Override
            public Behavior<Command> receiveSignal(Signal signal) {
                return ReplicaActor.this;
            }
        };
    }

    private void dispatch(Command command) {
        if (parts.lifeline().isCut()) {
            return;
        }
        try {
            carryOut(command);
        } catch (JournalException e) {
            diskFailed(e); // a value could not be read
        } catch (BrokenInvariant e) {
            // Stops before the input's effects become durable or are sent, since they may be incomplete.
            isBroken = true;
            parts.lifeline().broke(e);
        }
    }

    /** Stops the replica. Effects that wait for the disk are dropped: for their clients the outcome is unknown. */
    private void diskFailed(Throwable cause) {
        diskFailed = true;
        parts.lifeline().diskFailed();
        parts.observer().diskFailed(self, cause);
    }

    private void carryOut(Command command) {
        if (command instanceof DiskFailed failed) {
            diskFailed(failed.cause());
        } else if (command instanceof GetStatus ask) {
            ask.replyTo().tell(new Status(self, paused, protocol.status()));
        } else if (command instanceof GetStanding ask) {
            ask.replyTo().tell(new Stand(paused, protocol.serviceStatus()));
        } else if (command instanceof Resume) {
            resume();
        } else if (paused) {
            keepForLater(command);
        } else {
            handle(command);
        }
    }

    private void handle(Command command) {
        if (command instanceof PeerMessage message) {
            message(message);
        } else if (command instanceof ClientRequest request) {
            request(request);
        } else if (command instanceof Synced synced) {
            outbox.synced(synced.upTo());
        } else if (command instanceof TimerFired fired) {
            protocol.timer(fired.timer());
        } else if (command instanceof TimeIsUp) {
            deadlines.timeIsUp(this::giveUp);
        } else if (command instanceof Reachable reachable) {
            protocol.reachable(reachable.peer());
        } else if (command instanceof Unreachable unreachable) {
            protocol.unreachable(unreachable.peer());
        } else if (command instanceof GetData ask) {
            data(ask);
        } else if (command instanceof Pause) {
            paused = true;
            parts.observer().paused(self);
        } else {
            throw new IllegalStateException("a replica has no answer to " + command);
        }
        outbox.flush();
    }

    private void message(PeerMessage message) {
        if (outbox.isFull()) {
            parts.observer().dropped(self, message);
            return;
        }
        try {
            plausibilityCheck.peer(message.from());
            parts.type().requireKind(message.message().kind());
            message.message().check(message.from(), plausibilityCheck);
        } catch (IllegalArgumentException e) {
            parts.observer().refused(self, message, e.getMessage());
            return;
        }
        try {
            protocol.message(message.from(), message.message());
        } catch (CounterLimits.End e) {
            parts.observer().refused(self, message, e.getMessage());
        }
    }

    private void request(ClientRequest message) {
        parts.observer().received(self, message);
        if (message.operation() instanceof Operation.CompareAndSet
                && !parts.type().compares()) {
            message.refuse(Outcome.Reason.UNSUPPORTED, Protocols.lackOfComparing(parts.type()));
            return;
        }
        if (message.name().isPresent() && !parts.type().remembers()) {
            message.refuse(Outcome.Reason.UNSUPPORTED, Protocols.lackOfMemory(parts.type()));
            return;
        }
        if (effects.replaced() != null) {
            message.refuse(Outcome.Reason.UNAVAILABLE, effects.replaced());
            return;
        }
        if (outbox.isFull()) {
            message.refuse(Outcome.Reason.OVERLOADED, "the replica has too much waiting for its disk");
            return;
        }
        if (deadlines.size() >= parts.limits().requests()
                || deadlines.bytes() >= parts.limits().bytes()) {
            message.refuse(Outcome.Reason.OVERLOADED, "the replica has " + deadlines.size() + " requests waiting");
            return;
        }
        OpenRequest request = new OpenRequest(message);
        try {
            protocol.request(request);
        } catch (CounterLimits.End e) {
            request.answer(new Outcome.Refused(Outcome.Reason.UNAVAILABLE, e.getMessage()));
        }
        if (request.isOpen()) {
            deadlines.add(request);
        }
    }

    /** Waits for the disk, like everything that leaves the replica. */
    private void data(GetData ask) {
        List<Update> updates = new ArrayList<>();
        protocol.forEach(updates::add);
        Data data = new Data(self, updates);
        if (outbox.isOpen()) {
            ask.replyTo().tell(data);
        } else if (!outbox.isFull()) {
            outbox.hold(() -> ask.replyTo().tell(data));
        }
    }

    private void giveUp(OpenRequest request) {
        Outcome unknown = new Outcome.Unknown(
                "not done within " + Durations.format(parts.limits().timeout()));
        parts.observer().answered(self, request.message(), unknown);
        request.answer(unknown);
    }

    private void keepForLater(Command command) {
        if (command instanceof Pause || command instanceof GetData || command instanceof Unreachable) {
            // Not worth keeping: whoever asks for the data asks again, and the copy would be wasted; unreachability is
            // reported again.
            return;
        }
        boolean full = waiting.size() >= parts.limits().paused()
                || waitingBytes >= parts.limits().bytes();
        if (full && command instanceof ClientRequest request) {
            request.refuse(Outcome.Reason.OVERLOADED, "the replica is paused and has too much waiting");
        } else if (full && command instanceof PeerMessage message) {
            parts.observer().dropped(self, message);
        } else if (!full || !(command instanceof Reachable)) {
            waiting.add(command);
            waitingBytes += command.bytes();
        }
    }

    private void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        parts.observer().resumed(self);
        while (!waiting.isEmpty()) {
            Command next = waiting.poll();
            waitingBytes -= next.bytes();
            handle(next);
        }
    }
}
