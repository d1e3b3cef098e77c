package io.orrery.network;

/**
 * Lets something happen later, in the time of the runtime: virtual in the simulation, real in a cluster. A task must be
 * short and may not block; it can run on any thread.
 */
@FunctionalInterface
public interface Timekeeper {
    void after(long nanos, Runnable task);
}
