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
 * Where a {@link Play} is played: replicas, clients and a clock, simulated or real. All that it is given to run it runs on
 * one thread, the one that calls it.
 */
public interface Stage {
    /** The time since the play began. */
    Duration now();

    /** Has a step happen at a time since the beginning; steps of one instant in the order in which they are planned. */
    void plan(Duration at, Runnable step);

    /** Has something happen after a while, which is drawn. */
    void after(Delay delay, SeededRandom random, Runnable task);

    /**
     * Makes something go wrong or puts it right.
     *
     * @param done runs once what follows can rely on it, perhaps at once
     */
    void apply(Fault fault, Runnable done);

    /**
     * Someone who has not asked for anything yet, and carries a session from answer to question.
     *
     * @param patience how long he waits for an answer; then nobody knows what became of his operation
     */
    Client client(String name, Duration patience);

    /** Someone who asks replicas, one thing after another. */
    @FunctionalInterface
    interface Client {
        /** @param whenDone hears the outcome, later or at once */
        void invoke(NodeId via, Operation operation, Consumer<Outcome> whenDone);
    }
}
