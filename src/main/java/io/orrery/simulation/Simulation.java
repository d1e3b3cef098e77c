package io.orrery.simulation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import io.orrery.loop.Chooser;
import io.orrery.loop.EventLoop;
import io.orrery.loop.VirtualScheduler;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A Pekko actor system in virtual time, in which worlds are built, one after the other. It runs on the calling thread;
 * several simulations can run in parallel, each on its own thread.
 *
 * <p>Two runs of the same world with the same seed are the same to the byte.
 */
public final class Simulation implements AutoCloseable {
    /** A task for the guardian, which has the actor context that the task needs. */
    private interface Task extends Consumer<ActorContext<Task>> {}

    // Read once: parsing the configuration takes longer than starting the actor system.
    private static final class Settings {
        private static final Config CONFIG = settings();
        private static final Config SILENT = ConfigFactory.parseString(
                        "pekko { loglevel = OFF, stdout-loglevel = OFF }")
                .withFallback(CONFIG);
    }

    /** Not as ConfigFactory.load has it, where system properties override files: a run depends on its inputs alone. */
    static Config settings() {
        return ConfigFactory.parseResources("simulation.conf")
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve(ConfigResolveOptions.noSystem());
    }

    private final ActorSystem<Task> system;
    private final EventLoop loop;
    private World world;

    private Simulation(Config config) {
        system = ActorSystem.create(guardian(), "orrery", config);
        loop = ((VirtualScheduler) system.classicSystem().scheduler()).loop();
        loop.settle();
    }

    /** Starts an actor system in virtual time. */
    public static Simulation start() {
        return new Simulation(Settings.CONFIG);
    }

    /** The same, without a word on the standard output where a replica fails: for many worlds, in some of which one may. */
    public static Simulation startSilently() {
        return new Simulation(Settings.SILENT);
    }

    private static Behavior<Task> guardian() {
        return Behaviors.setup(context -> Behaviors.receive(Task.class)
                .onMessage(Task.class, task -> {
                    task.accept(context);
                    return Behaviors.same();
                })
                .onSignal(Terminated.class, signal -> Behaviors.same())
                .build());
    }

    /** Ends the current world, if any, and begins a new one at time 0. */
    public World begin(WorldSpec spec, long seed, WorldObserver observer) {
        return begin(spec, seed, Chooser.random(seed), observer);
    }

    /** The same, with steps and delays chosen by another chooser than the seed's usual one. */
    public World begin(WorldSpec spec, long seed, Chooser chooser, WorldObserver observer) {
        if (world != null) {
            world.close();
        }
        loop.reset(chooser);
        world = new World(this, spec, seed, observer);
        return world;
    }

    EventLoop loop() {
        return loop;
    }

    <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        Holder<ActorRef<T>> spawned = new Holder<>();
        system.tell(context -> spawned.value = context.spawn(behavior, name, Props.empty()));
        loop.settle();
        return spawned.value;
    }

    void stop(ActorRef<?> child) {
        system.tell(context -> context.stop(child));
        loop.settle();
    }

    private static final class Holder<T> {
        private T value;
    }

    /** Ends the actor system. */
    @Override
    public void close() {
        if (world != null) {
            world.close();
            world = null;
        }
        system.terminate();
        while (!system.getWhenTerminated().toCompletableFuture().isDone()) {
            if (!loop.step(Long.MAX_VALUE)) {
                throw new IllegalStateException("the actor system does not end, and nothing is left that could end it");
            }
        }
    }
}
