package io.orrery.replica;

import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.network.Fault;
import io.orrery.network.Links;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * The parent of the replicas that live in this process: starts, crashes, wipes and restarts them. A journal is touched
 * only when the actor that wrote to it has stopped.
 */
public final class ReplicaHost extends AbstractBehavior<ReplicaHost.Command> {
    /** What the host can be told. */
    public sealed interface Command {}

    /** Crashes, wipes or restarts a replica that lives here, then runs {@code done}. Sent by {@link FaultInjector}. */
    record Change(Fault.OfReplica fault, Runnable done) implements Command {}

    /** Asks to be told when the replicas that live here can be found. */
    public record WhenStarted(ActorRef<Done> replyTo) implements Command {}

    /**
     * What the replicas of a deployment have in common.
     *
     * @param all all replicas of the deployment, in its order
     * @param here those that live in this process
     * @param journals gives the journal of a replica; called once for each. The host closes it when it stops
     * @param copies copies the journal of a replica that runs, for a process beside it; throws where that cannot be
     * @param startIds draws an id for each start of a replica
     * @param nanos the time of the runtime
     */
    public record Blueprint(
            ProtocolType type,
            List<NodeId> all,
            List<NodeId> here,
            ReplicaSettings.Roles roles,
            ReplicaSettings.Tuning tuning,
            Function<NodeId, Journal> journals,
            UnaryOperator<Journal> copies,
            Supplier<UUID> startIds,
            ReplicaLimits limits,
            LongSupplier nanos) {}

    private static final MailboxSelector MAILBOX = MailboxSelector.fromConfig(ReplicaMailbox.CONFIG_PATH);

    private final Blueprint blueprint;
    private final Links links;
    private final Replicas replicas;
    private final ReplicaObserver observer;
    /** Sorted, so that replicas start in the same order in each run. */
    private final Map<NodeId, Slot> slots = new TreeMap<>();

    /** A replica's place: its journal stays when the replica crashes. */
    private static final class Slot {
        private final NodeId id;
        private Journal journal;
        private ActorRef<ReplicaActor.Command> actor;
        private SilencedObserver observer;
        /** Processes that run as the same replica and started before, with their journals. */
        private final Map<ActorRef<ReplicaActor.Command>, Journal> elders = new LinkedHashMap<>();
        private int lives;
        private boolean wipeWhenStopped;
        private boolean startWhenStopped;
        /** Those who wait for a change to be carried out. */
        private final List<Runnable> waiting = new ArrayList<>();

        Slot(NodeId id, Journal journal) {
            this.id = id;
            this.journal = journal;
        }
    }

    /** A host that starts its replicas at once. */
    public static Behavior<Command> create(
            Blueprint blueprint, Links links, Replicas replicas, ReplicaObserver observer) {
        return Behaviors.setup(context -> new ReplicaHost(context, blueprint, links, replicas, observer));
    }

    private ReplicaHost(
            ActorContext<Command> context,
            Blueprint blueprint,
            Links links,
            Replicas replicas,
            ReplicaObserver observer) {
        super(context);
        this.blueprint = blueprint;
        this.links = links;
        this.replicas = replicas;
        this.observer = observer;
        for (NodeId id : blueprint.here()) {
            slots.put(id, new Slot(id, blueprint.journals().apply(id)));
        }
        slots.values().forEach(this::start);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Change.class, this::onChange)
                .onMessage(WhenStarted.class, this::onWhenStarted)
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
        slot.elders.keySet().forEach(getContext()::stop);
        slot.waiting.add(change.done());
        if (change.fault() instanceof Fault.Wipe) {
            slot.wipeWhenStopped = true;
        }
        // The last word counts: a crash after a restart leaves the replica down.
        slot.startWhenStopped = change.fault() instanceof Fault.Restart;
        if (slot.actor == null) {
            stopped(slot);
        } else {
            replicas.down(slot.id);
            getContext().stop(slot.actor);
        }
        return this;
    }

    /** The process that runs goes on, unseen by observers, beside a new one. */
    private void twin(Slot slot) {
        if (slot.actor != null) {
            Journal copy = blueprint.copies().apply(slot.journal);
            slot.observer.stopped(slot.id);
            slot.observer.silence();
            slot.elders.put(slot.actor, slot.journal);
            slot.journal = copy;
        }
        start(slot);
    }

    private Behavior<Command> onWhenStarted(WhenStarted ask) {
        // The host starts its replicas before it takes its first message.
        ask.replyTo().tell(Done.getInstance());
        return this;
    }

    private Behavior<Command> onTerminated(Terminated terminated) {
        for (Slot slot : slots.values()) {
            if (slot.elders.containsKey(terminated.getRef())) {
                ended(slot, terminated.getRef());
            } else if (terminated.getRef().equals(slot.actor)) {
                boolean isAlone = slot.elders.isEmpty();
                if (isAlone) {
                    replicas.down(slot.id);
                } else {
                    replicas.ended(slot.id, slot.actor);
                }
                slot.actor = null;
                if (terminated instanceof ChildFailed failed) {
                    observer.failed(slot.id, failed.getCause());
                }
                observer.stopped(slot.id);
                stopped(slot);
            }
        }
        return this;
    }

    private void ended(Slot slot, ActorRef<?> elder) {
        ActorRef<ReplicaActor.Command> actor = elder.unsafeUpcast();
        replicas.ended(slot.id, actor);
        slot.elders.remove(actor).close();
    }

    /** The replicas have stopped before: Pekko stops children first. */
    private Behavior<Command> onPostStop(PostStop stop) {
        for (Slot slot : slots.values()) {
            slot.elders.values().forEach(Journal::close);
            slot.journal.close();
        }
        return this;
    }

    private void stopped(Slot slot) {
        try {
            if (slot.wipeWhenStopped) {
                slot.wipeWhenStopped = false;
                slot.journal.wipe();
            } else {
                slot.journal.crash();
            }
            if (slot.startWhenStopped) {
                slot.startWhenStopped = false;
                start(slot);
            }
        } catch (JournalException e) {
            slot.startWhenStopped = false;
            observer.diskFailed(slot.id, e);
        }
        slot.waiting.forEach(Runnable::run);
        slot.waiting.clear();
    }

    private void start(Slot slot) {
        ReplicaActor.Lifeline lifeline = new ReplicaActor.Lifeline();
        ReplicaSettings settings = new ReplicaSettings(slot.id, blueprint.all(), blueprint.roles(), blueprint.tuning());
        slot.observer = new SilencedObserver(observer);
        ReplicaActor.Parts parts = new ReplicaActor.Parts(
                blueprint.type(),
                settings,
                new Start(slot.journal.incarnation(), blueprint.startIds().get()),
                slot.journal,
                links.from(slot.id),
                slot.observer,
                lifeline,
                blueprint.limits(),
                blueprint.nanos());
        // Each life has a name of its own, as the name of an actor that stops is free only some time later.
        String name = slot.id + "-" + ++slot.lives;
        slot.actor = getContext().spawn(ReplicaActor.create(parts), name, MAILBOX);
        getContext().watch(slot.actor);
        replicas.up(slot.id, slot.actor, lifeline);
    }
}
