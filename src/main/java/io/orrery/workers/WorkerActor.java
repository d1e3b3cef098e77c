package io.orrery.workers;

import io.orrery.model.DaemonThreads;
import io.orrery.scenario.Scenario;
import io.orrery.workers.WorkerMessage.Begin;
import io.orrery.workers.WorkerMessage.Hello;
import io.orrery.workers.WorkerMessage.Over;
import io.orrery.workers.WorkerMessage.Ready;
import io.orrery.workers.WorkerMessage.Refused;
import io.orrery.workers.WorkerMessage.Unfit;
import io.orrery.workers.WorkerMessage.Welcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** The side that plays, for one sweep: greets it, learns what is to be played, and has {@link PlayerActor}s ask for units. */
final class WorkerActor extends AbstractBehavior<WorkerMessage> {
    private static final Duration REPEAT = Duration.ofSeconds(1);

    /** How long it waits to find a sweep, and to be told what to play. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** How a sweep ends for a worker. */
    enum End {
        /** The sweep says so. */
        OVER,
        /** It is not there any more, or was never found. */
        LOST,
        /** This worker may not play. */
        REFUSED
    }

    /** @param why for people */
    record Outcome(End end, String why) {}

    /**
     * @param version of this side
     * @param threads how many units it plays at a time
     * @param told takes what people should know
     * @param outcome is completed at the end
     */
    record Terms(String version, int threads, Consumer<String> told, CompletableFuture<Outcome> outcome) {}

    private record Found(ActorRef<WorkerMessage> sweep) implements WorkerMessage.Local {}

    private record Lost() implements WorkerMessage.Local {}

    private record Repeat() implements WorkerMessage.Local {}

    private record TooLate() implements WorkerMessage.Local {}

    /** The scenarios are read, and the first worlds are played. */
    private record Prepared(Task task, List<Scenario> scenarios, String proof) implements WorkerMessage.Local {}

    private record Unprepared(Throwable why) implements WorkerMessage.Local {}

    private final Terms terms;
    private final TimerScheduler<WorkerMessage> timers;
    private final String self;

    private ActorRef<WorkerMessage> sweep;
    private boolean isWelcome;
    private boolean hasBegun;
    private Prepared prepared;

    private WorkerActor(ActorContext<WorkerMessage> context, Terms terms, TimerScheduler<WorkerMessage> timers) {
        super(context);
        this.terms = terms;
        this.timers = timers;
        this.self = ActorRefResolver.get(context.getSystem()).toSerializationFormat(context.getSelf());
    }

    static Behavior<WorkerMessage> create(Terms terms) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.subscribe(
                            ClusterSettings.SWEEP,
                            context.messageAdapter(
                                    Receptionist.Listing.class,
                                    listing -> listing.getServiceInstances(ClusterSettings.SWEEP).stream()
                                            .findFirst()
                                            .<WorkerMessage>map(Found::new)
                                            .orElseGet(Repeat::new))));
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(new Subscribe<>(
                            context.messageAdapter(
                                    MemberRemoved.class,
                                    removed -> removed.member().hasRole(ClusterSettings.ROLE_OF_SWEEP)
                                            ? new Lost()
                                            : new Repeat()),
                            MemberRemoved.class));
            timers.startTimerWithFixedDelay(new Repeat(), REPEAT);
            timers.startSingleTimer(new TooLate(), PATIENCE);
            return new WorkerActor(context, terms, timers);
        }));
    }

    @Override
    public Receive<WorkerMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(Found.class, found -> {
                    sweep = found.sweep();
                    return repeat();
                })
                .onMessage(Repeat.class, repeat -> repeat())
                .onMessage(Welcome.class, this::prepare)
                .onMessage(Prepared.class, done -> {
                    prepared = done;
                    return repeat();
                })
                .onMessage(Unprepared.class, failed -> {
                    String why = String.valueOf(failed.why().getMessage());
                    sweep.tell(new Unfit(self, why));
                    return end(End.REFUSED, why);
                })
                .onMessage(Begin.class, begin -> begin())
                .onMessage(Refused.class, refused -> end(End.REFUSED, refused.why()))
                .onMessage(Over.class, over -> end(End.OVER, "the sweep is over"))
                .onMessage(Lost.class, lost -> end(End.LOST, "the sweep is gone"))
                .onMessage(
                        TooLate.class,
                        late -> end(
                                End.LOST,
                                "what listens there has not taken this worker in (is it a sweep, with the same tls in"
                                        + " its file?)"))
                .build();
    }

    private Behavior<WorkerMessage> repeat() {
        if (sweep != null && !isWelcome) {
            sweep.tell(new Hello(self, terms.version()));
        } else if (prepared != null && !hasBegun) {
            sweep.tell(new Ready(self, terms.threads(), prepared.proof()));
        }
        return this;
    }

    private Behavior<WorkerMessage> prepare(Welcome welcome) {
        if (isWelcome) {
            return this;
        }
        isWelcome = true;
        timers.cancel(new TooLate());
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> prepared(welcome), task -> DaemonThreads.start("prepare", task)),
                        (done, failure) -> failure == null
                                ? done
                                : new Unprepared(failure.getCause() == null ? failure : failure.getCause()));
        return this;
    }

    private static Prepared prepared(Welcome welcome) {
        List<Scenario> scenarios = welcome.task().scenarios(warning -> {});
        Origins.requireSame(welcome.origins(), Origins.of(scenarios));
        return new Prepared(
                welcome.task(), scenarios, Proof.of(scenarios, welcome.task().strategy(), welcome.seed()));
    }

    private Behavior<WorkerMessage> begin() {
        if (hasBegun || prepared == null) {
            return this;
        }
        hasBegun = true;
        terms.told().accept("plays " + prepared.scenarios().get(0).title());
        for (int i = 0; i < terms.threads(); i++) {
            UnitPlayer player =
                    new UnitPlayer(prepared.scenarios(), prepared.task().strategy());
            getContext().spawn(PlayerActor.create(sweep, player), "player-" + i);
        }
        return this;
    }

    private Behavior<WorkerMessage> end(End end, String why) {
        terms.outcome().complete(new Outcome(end, why));
        return this;
    }
}
