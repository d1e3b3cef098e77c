package io.orrery.scenario;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.SeededRandom;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The runtime of a {@link ScenarioPlayer}: replicas, clients and a clock, simulated or real. It runs all tasks on the calling
 * thread.
 */
public interface ScenarioRuntime {
    /** The time since the play began. */
    Duration now();

    /** Plans a step at a time since the beginning; steps of one instant run in the order in which they were planned. */
    void plan(Duration at, Runnable step);

    /**
     * Has a step strike in the middle of things from a time on, where the runtime knows more than the time.
     *
     * @param points how many points at which it could strike pass first
     */
    default void strike(Duration from, int points, Runnable step) {
        plan(from, step);
    }

    /** A random stream for one use, which a seed decides. */
    default SeededRandom stream(long seed, String use) {
        return SeededRandom.stream(seed, use);
    }

    /** Runs a task after a drawn delay. */
    void after(Delay delay, SeededRandom random, Runnable task);

    /**
     * Applies a fault.
     *
     * @param done runs when the fault is in effect, possibly at once
     */
    void apply(Fault fault, Runnable done);

    /**
     * Creates a client without a session, which carries its session token from each answer to the next request.
     *
     * @param patience how long the client waits for an answer; then the outcome is unknown
     */
    Client client(String name, Duration patience);

    /** A client, with one operation open at a time. */
    @FunctionalInterface
    interface Client {
        /** @param whenDone receives the outcome, possibly at once */
        void invoke(NodeId via, Operation operation, Consumer<Outcome> whenDone);
    }
}
