package io.orrery.loop;

import com.typesafe.config.ConfigFactory;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An actor system on a loop of its own. */
final class LoopedSystem implements AutoCloseable {
    private interface Task extends Consumer<ActorContext<Task>> {}

    private final ActorSystem<Task> system;
    private final EventLoop loop;

    LoopedSystem() {
        Behavior<Task> guardian = Behaviors.setup(context -> Behaviors.receiveMessage(task -> {
            task.accept(context);
            return Behaviors.same();
        }));
        system = ActorSystem.create(guardian, "looped", ConfigFactory.load("simulation"));
        loop = ((VirtualScheduler) system.classicSystem().scheduler()).loop();
        loop.settle();
    }

    EventLoop loop() {
        return loop;
    }

    /** Begins anew with the choices of a seed. */
    void reset(long seed) {
        loop.reset(Chooser.random(seed));
    }

    @SuppressWarnings("unchecked")
    <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        Object[] spawned = new Object[1];
        system.tell(context -> spawned[0] = context.spawn(behavior, name));
        loop.settle();
        return (ActorRef<T>) spawned[0];
    }

    void stop(ActorRef<?> actor) {
        system.tell(context -> context.stop(actor));
        loop.settle();
    }

    @Override
    public void close() {
        system.terminate();
        while (!system.getWhenTerminated().toCompletableFuture().isDone()) {
            if (!loop.step(Long.MAX_VALUE)) {
                throw new AssertionError("the system does not end");
            }
        }
    }
}
