/**
 * The deterministic runtime: event loop, virtual time, worlds, traces.
 *
 * <p>What makes a Pekko actor system deterministic, and the replicas, links and clients of a world. Scenario files are
 * in {@code scenario}. Start at {@link io.orrery.simulation.Simulation} and {@link io.orrery.simulation.World}.
 */
package io.orrery.simulation;
