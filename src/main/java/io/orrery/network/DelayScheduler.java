package io.orrery.network;

/**
 * Runs a task after a delay, in virtual time in the simulation and in real time in a cluster. A task must be short and
 * may not block; it may run on any thread.
 */
@FunctionalInterface
public interface DelayScheduler {
    void after(long nanos, Runnable task);
}
