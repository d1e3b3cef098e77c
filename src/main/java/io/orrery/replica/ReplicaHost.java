package io.orrery.replica;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.MailboxSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The parent of the replicas in this process: starts, crashes, wipes and restarts them. It touches a journal only when
 * the actor that wrote to it has stopped.
 */
public final class ReplicaHost extends AbstractBehavior<ReplicaHost.Command> {
    /** The messages of the host. */
    public sealed interface Command {}

    /** Applies a fault to a replica that lives here, then runs {@code done}. Sent by {@link FaultInjector}. */
    record Change(Fault.OfReplica fault, Runnable done) implements Command {}

    /** Asks for an answer once the replicas of this process can be found. */
    public record WhenStarted(ActorRef<Done> replyTo) implements Command {}

    /** Tries to restart a replica whose disk failed. */
    private record Retry(Slot slot) implements Command {}

    /**
     * The delays before restarting a replica whose disk has failed. The delay doubles with each failure in a row, up to
     * the longest. After the replica has run for more than the longest delay, it begins with the first again.
     */
    public record DiskRetry(Duration first, Duration longest) {
        private Duration after(int failures) {
            Duration delay = first;
            for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
                delay = delay.multipliedBy(2);
            }
            return delay.compareTo(longest) < 0 ? delay : longest;
        }
    }

    /**
     * What the replicas of a deployment have in common.
     *
     * @param all all replicas of the deployment, in its order
     * @param here the replicas in this process
     * @param journals makes the journal of a replica; called once for each. The host closes it when it stops
     * @param copies copies the journal of a running replica, for a twin; throws if it cannot
     * @param startIds draws an id for each start of a replica
     * @param diskRetry if empty, a replica whose disk has failed stays down until it is restarted explicitly
     * @param nanos the time of the runtime
     */
    public record Blueprint(
            ProtocolType type,
            List<NodeId> all,
            List<NodeId> here,
            ProtocolOptions options,
            ReplicaSettings.Tuning tuning,
            Function<NodeId, Journal> journals,
            UnaryOperator<Journal> copies,
            Supplier<UUID> startIds,
            ReplicaLimits limits,
            Optional<DiskRetry> diskRetry,
            LongSupplier nanos) {}

    private static final MailboxSelector MAILBOX = MailboxSelector.fromConfig(ReplicaMailbox.CONFIG_PATH);

    private final TimerScheduler<Command> timers;
    private final Blueprint blueprint;
    private final Links links;
    private final ReplicaDirectory replicaDirectory;
    private final ReplicaObserver observer;
    /** Sorted, so that replicas start in the same order in each run. */
    private final Map<NodeId, Slot> slots = new TreeMap<>();

    /** A process that runs as a replica beside a later one. */
    private record Elder(ReplicaLifecycle lifeline, Journal journal) {}

    /** A replica's slot, which keeps the journal across crashes. */
    private static final class Slot {
        private final NodeId id;
        private Journal journal;
        private ActorRef<ReplicaActor.Command> actor;
        private SilencedObserver observer;
        /** Earlier processes that still run as the same replica, with their journals. */
        private final Map<ActorRef<?>, Elder> elders = new LinkedHashMap<>();

        private ReplicaLifecycle replicaLifecycle;
        private int lives;
        private long startedNanos;
        /** The number of disk failures in a row. */
        private int failures;

        private boolean wipeWhenStopped;
        private boolean startWhenStopped;
        /** The callbacks of changes that have not completed. */
        private final List<Runnable> waiting = new ArrayList<>();

        Slot(NodeId id, Journal journal) {
            this.id = id;
            this.journal = journal;
        }
    }

    /** A host that starts its replicas at once. */
    public static Behavior<Command> create(
            Blueprint blueprint, Links links, ReplicaDirectory replicaDirectory, ReplicaObserver observer) {
        return create(blueprint, List.of(), links, replicaDirectory, observer);
    }

    /** The same, except that some are down until they are restarted. */
    public static Behavior<Command> create(
            Blueprint blueprint,
            Collection<NodeId> absent,
            Links links,
            ReplicaDirectory replicaDirectory,
            ReplicaObserver observer) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ReplicaHost(context, timers, blueprint, absent, links, replicaDirectory, observer)));
    }

    private ReplicaHost(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Blueprint blueprint,
            Collection<NodeId> absent,
            Links links,
            ReplicaDirectory replicaDirectory,
            ReplicaObserver observer) {
        super(context);
        this.timers = timers;
        this.blueprint = blueprint;
        this.links = links;
        this.replicaDirectory = replicaDirectory;
        this.observer = observer;
        for (NodeId id : blueprint.here()) {
            slots.put(id, new Slot(id, blueprint.journals().apply(id)));
        }
        slots.values().stream().filter(slot -> !absent.contains(slot.id)).forEach(this::start);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Change.class, this::onChange)
                .onMessage(WhenStarted.class, this::onWhenStarted)
                .onMessage(Retry.class, this::onRetry)
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PostStop.class, this::onPostStop)
                .build();
    }

    private Behavior<Command> onChange(Change change) {
        Slot slot = slots.get(change.fault().replica());
        if (change.fault() instanceof Fault.Twin) {
            twin(slot);
            change.done().run();
            return this;
        }
        if (change.fault() instanceof Fault.OfDisk ofDisk) {
            slot.journal.slowBy(ofDisk instanceof Fault.SlowDisk slow ? slow.by() : Duration.ZERO);
            change.done().run();
            return this;
        }
        slot.elders.keySet().forEach(getContext()::stop);
        slot.waiting.add(change.done());
        timers.cancel(slot.id);
        if (change.fault() instanceof Fault.Wipe) {
            slot.wipeWhenStopped = true;
        }
        // The latest change counts: a crash after a restart leaves the replica down.
        slot.startWhenStopped = change.fault() instanceof Fault.Restart;
        if (slot.actor == null) {
            stopped(slot);
        } else {
            replicaDirectory.down(slot.id);
            getContext().stop(slot.actor);
        }
        return this;
    }

    /** Starts a twin; the running process continues, hidden from observers. */
    private void twin(Slot slot) {
        if (slot.actor != null) {
            Journal copy = blueprint.copies().apply(slot.journal);
            slot.observer.stopped(slot.id);
            slot.observer.silence();
            slot.elders.put(slot.actor, new Elder(slot.replicaLifecycle, slot.journal));
            slot.journal = copy;
        }
        start(slot);
    }

    private Behavior<Command> onWhenStarted(WhenStarted ask) {
        // The host starts its replicas before its first message.
        ask.replyTo().tell(Done.getInstance());
        return this;
    }

    private Behavior<Command> onRetry(Retry retry) {
        retry.slot().startWhenStopped = true;
        stopped(retry.slot());
        return this;
    }

    private Behavior<Command> onTerminated(Terminated terminated) {
        for (Slot slot : slots.values()) {
            if (slot.elders.containsKey(terminated.getRef())) {
                if (slot.elders.get(terminated.getRef()).lifeline().broken() != null) {
                    observer.failed(
                            slot.id,
                            slot.elders.get(terminated.getRef()).lifeline().broken());
                }
                ended(slot, terminated.getRef());
            } else if (terminated.getRef().equals(slot.actor)) {
                boolean isAlone = slot.elders.isEmpty();
                if (isAlone) {
                    replicaDirectory.down(slot.id);
                } else {
                    replicaDirectory.ended(slot.id, slot.replicaLifecycle);
                }
                slot.actor = null;
                if (terminated instanceof ChildFailed failed) {
                    replicaDirectory.failed(slot.id, "a bug has ended it");
                    observer.failed(slot.id, failed.getCause());
                }
                if (slot.replicaLifecycle.broken() != null) {
                    replicaDirectory.failed(
                            slot.id, slot.replicaLifecycle.broken().getMessage());
                    observer.failed(slot.id, slot.replicaLifecycle.broken());
                }
                if (slot.replicaLifecycle.hasEnded()) {
                    replicaDirectory.failed(slot.id, "another process has taken its place");
                }
                if (slot.replicaLifecycle.hasDiskFailed() && slot.waiting.isEmpty()) {
                    diskFailed(slot, true);
                }
                // Recorded first, so that whoever hears of the stop finds the reason.
                observer.stopped(slot.id);
                if (slot.replicaLifecycle.hasEnded()) {
                    observer.ended(slot.id);
                }
                stopped(slot);
            }
        }
        return this;
    }

    private void ended(Slot slot, ActorRef<?> actor) {
        Elder elder = slot.elders.remove(actor);
        replicaDirectory.ended(slot.id, elder.lifeline());
        elder.journal().close();
    }

    /** Pekko has stopped the children, the replicas, before. */
    private Behavior<Command> onPostStop(PostStop stop) {
        for (Slot slot : slots.values()) {
            slot.elders.values().forEach(elder -> elder.journal().close());
            slot.journal.close();
        }
        return this;
    }

    private void stopped(Slot slot) {
        boolean isToStart = slot.startWhenStopped;
        slot.startWhenStopped = false;
        try {
            if (slot.wipeWhenStopped) {
                slot.journal.wipe();
                slot.wipeWhenStopped = false;
            } else {
                slot.journal.crash();
            }
            if (isToStart) {
                start(slot);
            }
        } catch (JournalException e) {
            observer.diskFailed(slot.id, e);
            diskFailed(slot, isToStart);
        }
        slot.waiting.forEach(Runnable::run);
        slot.waiting.clear();
    }

    /** A failed disk may work again later: it may have been full or unreachable. */
    private void diskFailed(Slot slot, boolean isWanted) {
        replicaDirectory.failed(slot.id, "its disk has failed");
        if (isWanted && blueprint.diskRetry().isPresent()) {
            DiskRetry retry = blueprint.diskRetry().get();
            long lived = blueprint.nanos().getAsLong() - slot.startedNanos;
            slot.failures = lived > retry.longest().toNanos() ? 1 : slot.failures + 1;
            timers.startSingleTimer(slot.id, new Retry(slot), retry.after(slot.failures));
        }
    }

    private void start(Slot slot) {
        ReplicaLifecycle replicaLifecycle = new ReplicaLifecycle();
        slot.replicaLifecycle = replicaLifecycle;
        slot.startedNanos = blueprint.nanos().getAsLong();
        ReplicaSettings settings =
                new ReplicaSettings(slot.id, blueprint.all(), blueprint.options(), blueprint.tuning());
        slot.observer = new SilencedObserver(observer);
        ReplicaActor.Parts parts = new ReplicaActor.Parts(
                blueprint.type(),
                settings,
                new Start(slot.journal.incarnation(), blueprint.startIds().get()),
                slot.journal,
                links.from(slot.id),
                slot.observer,
                replicaLifecycle,
                blueprint.limits(),
                blueprint.nanos());
        // Each start has its own actor name, since Pekko frees the name of a stopped actor with a delay.
        String name = slot.id + "-" + ++slot.lives;
        replicaDirectory.up(slot.id, replicaLifecycle);
        slot.actor = getContext().spawn(ReplicaActor.create(parts), name, MAILBOX);
        replicaLifecycle.begins(slot.actor);
        getContext().watch(slot.actor);
    }
}
