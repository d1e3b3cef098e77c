package io.orrery.workers;

import io.orrery.model.DaemonThreads;
import io.orrery.workers.WorkerMessage.Part;
import io.orrery.workers.WorkerMessage.Received;
import io.orrery.workers.WorkerMessage.Unit;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.delivery.ConsumerController;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Plays one unit at a time. It confirms a unit when the sweep has said that it has all of what came of it: until then the unit
 * is handed out again if this process dies.
 */
final class PlayerActor extends AbstractBehavior<WorkerMessage> {
    private static final Duration REPEAT = Duration.ofSeconds(2);

    private record Delivered(ConsumerController.Delivery<Unit> delivery) implements WorkerMessage.Local {}

    private record PlayedAll(List<Part> parts) implements WorkerMessage.Local {}

    private record Failed(Throwable failure) implements WorkerMessage.Local {}

    private record Repeat() implements WorkerMessage.Local {}

    private final ActorRef<WorkerMessage> sweep;
    private final UnitPlayer player;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named("player"));
    private final String self;
    /** Parts that the sweep may not have, by their first worlds. */
    private final Map<Long, Part> unsaid = new LinkedHashMap<>();

    private ActorRef<ConsumerController.Confirmed> confirmTo;

    private PlayerActor(ActorContext<WorkerMessage> context, ActorRef<WorkerMessage> sweep, UnitPlayer player) {
        super(context);
        this.sweep = sweep;
        this.player = player;
        this.self = ActorRefResolver.get(context.getSystem()).toSerializationFormat(context.getSelf());
    }

    /** @param player closed at the end */
    static Behavior<WorkerMessage> create(ActorRef<WorkerMessage> sweep, UnitPlayer player) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Repeat(), REPEAT);
            ActorRef<ConsumerController.Command<Unit>> controller =
                    context.spawn(ConsumerController.create(ClusterSettings.PLAYERS), "units");
            controller.tell(new ConsumerController.Start<>(context.messageAdapter(delivery(), Delivered::new)));
            return new PlayerActor(context, sweep, player);
        }));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<ConsumerController.Delivery<Unit>> delivery() {
        return (Class) ConsumerController.Delivery.class;
    }

    @Override
    public Receive<WorkerMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(Delivered.class, this::play)
                .onMessage(PlayedAll.class, this::tell)
                .onMessage(Failed.class, failed -> {
                    Throwable failure = failed.failure();
                    Throwable why = failure.getCause() == null ? failure : failure.getCause();
                    sweep.tell(new WorkerMessage.Broken(self, why.toString()));
                    return this;
                })
                .onMessage(Received.class, this::received)
                .onMessage(Repeat.class, repeat -> {
                    unsaid.values().forEach(sweep::tell);
                    return this;
                })
                .onSignal(PostStop.class, stop -> {
                    player.leave();
                    thread.execute(player::close);
                    thread.shutdown();
                    return this;
                })
                .build();
    }

    private Behavior<WorkerMessage> play(Delivered delivered) {
        confirmTo = delivered.delivery().confirmTo();
        Unit unit = delivered.delivery().message();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> player.play(unit, self), thread),
                        (parts, failure) -> failure == null ? new PlayedAll(parts) : new Failed(failure));
        return this;
    }

    private Behavior<WorkerMessage> tell(PlayedAll played) {
        played.parts().forEach(part -> {
            unsaid.put(part.world(), part);
            sweep.tell(part);
        });
        return this;
    }

    private Behavior<WorkerMessage> received(Received received) {
        if (unsaid.remove(received.world()) != null && unsaid.isEmpty()) {
            confirmTo.tell(ConsumerController.confirmed());
        }
        return this;
    }
}
